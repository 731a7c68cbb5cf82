import workerpool from 'workerpool'
import { workerUrl } from '../../worker-url.js'

// Two workers: the task that counts does not end.
const pool = workerpool.pool(workerUrl(), {
  maxWorkers: 2,
  workerType: 'web',
  workerOpts: { type: 'module' },
})

void pool.exec('watchCount', [], { on: (count: number) => (document.title = String(count)) })
document.body.textContent = String(await pool.exec('greet', ['Ada']))
