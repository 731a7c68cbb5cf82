// The floor: a channel from worker to worker.
import { callerOf } from '../../hand.js'
import { drive } from '../driver.js'

drive(async () => {
  const adder = callerOf(new Worker(new URL('./adder.ts', import.meta.url), { type: 'module' }))
  const caller = callerOf(new Worker(new URL('./caller.ts', import.meta.url), { type: 'module' }))
  const { port1, port2 } = new MessageChannel()
  await adder('connect', [port1], [port1])
  await caller('use', [port2], [port2])
  return {
    oneByOne: (count) => caller('oneByOne', [count]),
    atOnce: (count) => caller('atOnce', [count]),
  }
})
