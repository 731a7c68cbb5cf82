// The script of every subject's page. The harness runs one fault in it, as `faultBench`.
import module from 'virtual:subject'
import { faults } from '../list/index.js'
import type { Subject } from '../subject.js'
import { Trial } from '../trial.js'
import { delay } from '../watched.js'
import { recordWorkers } from '../workers.js'
import type { FaultBench } from './bench.js'

const bench: FaultBench = {
  async run(id, bound) {
    const fault = faults.find((fault) => fault.id === id)
    if (!fault) throw new Error(`there is no fault '${id}'`)
    const trial = new Trial(module as Subject, bound)
    recordWorkers(() => trial.told.add('`error` event'))
    const seen = await fault.run(trial)
    // Errors that nobody catches are told when everybody else is done.
    await delay(200)
    return { seen, told: [...trial.told] }
  },
}

Object.assign(globalThis, { faultBench: bench })
