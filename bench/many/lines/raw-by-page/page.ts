// By hand, without a channel: the page hands on every call and every reply.
import { answerOn, callerOf } from '../../hand.js'
import { drive } from '../driver.js'

drive(async () => {
  const adder = callerOf(new Worker(new URL('../raw/adder.ts', import.meta.url), { type: 'module' }))
  const worker = new Worker(new URL('../raw/caller.ts', import.meta.url), { type: 'module' })
  const caller = callerOf(worker)
  answerOn(worker, { add: (a: number, b: number) => adder('add', [a, b]) })
  return {
    oneByOne: (count) => caller('oneByOne', [count]),
    atOnce: (count) => caller('atOnce', [count]),
  }
})
