import workerpool from 'workerpool'
import { workerUrl } from '../../../contenders/worker-url.js'
import { drive } from '../driver.js'
import type { Done } from '../task.js'

drive((size) => {
  const pool = workerpool.pool(workerUrl(), {
    maxWorkers: size,
    workerType: 'web',
    workerOpts: { type: 'module' },
  })
  return {
    work: async (task, ms) => (await pool.exec('work', [task, ms])) as Done,
    end: () => pool.terminate(true),
  }
})
