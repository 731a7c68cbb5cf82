/** Calls that wait, by themselves. */
import { expect, it } from 'vitest'
import { RemoteCall } from '../../../src/core/call.js'
import { CallQueue } from '../../../src/core/pool-queue.js'

const make = () => new CallQueue('pool', () => expect.unreachable())
const add = (queue: CallQueue, ...args: unknown[]) => {
  const call = new RemoteCall(queue, 'echo')
  call.catch(() => {})
  queue.add(call, args)
  return call
}

it('gives back in order what was not given up, also when it was empty in between', () => {
  const queue = make()
  expect(queue.shift()).toBeUndefined()
  const calls = Array.from({ length: 5 }, (_, i) => add(queue, i))
  queue.cancel(calls[0]!.id, 'enough')
  queue.cancel(calls[2]!.id, 'enough')
  expect([queue.shift(), queue.shift()]).toEqual([calls[1], calls[3]])
  const late = add(queue, 5)
  expect([queue.shift(), queue.shift(), queue.shift(), queue.shift()]).toEqual([
    calls[4],
    late,
    undefined,
    undefined,
  ])
  const later = add(queue, 6)
  expect(queue.size).toBe(1)
  expect(queue.shift()).toBe(later)
  expect(queue.size).toBe(0)
})

it('follows a signal only as long as the call is here', () => {
  const queue = make()
  const { signal } = new AbortController()
  add(queue, signal)
  add(queue, { deep: [signal] })
  expect(queue.signals).toBe(2)
  queue.shift()
  expect(queue.signals).toBe(1)
  queue.refuse(() => new Error('closed'))
  expect(queue.signals).toBe(0)
})

it('tells when it becomes empty, whatever made it so', () => {
  const queue = make()
  let times = 0
  queue.whenEmpty = () => times++
  add(queue, 1)
  queue.shift()
  expect(times).toBe(1)
  add(queue, 1)
  const second = add(queue, 2)
  queue.shift()
  expect(times).toBe(1)
  queue.cancel(second.id, 'enough')
  expect(times).toBe(2)
})
