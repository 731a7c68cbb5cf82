// @vitest-environment node
import { expect, test } from 'vitest'
import { watchTimers } from '../../src/hot/timers.js'

/** A clock of a browser: ids are small numbers, and a test says when a timer fires. */
function makeClock() {
  const handlers = new Map<unknown, { name: string; handler: unknown; args: unknown[] }>()
  const cleared: unknown[] = []
  let timers = 0
  let frames = 0
  const start =
    (name: string) =>
    (handler: unknown, _delay?: unknown, ...args: unknown[]): unknown => {
      const id = name === 'requestAnimationFrame' ? ++frames : ++timers
      handlers.set(`${name} ${id}`, { name, handler, args })
      return id
    }
  const clear = (id?: unknown) => void cleared.push(id)
  return {
    cleared,
    fire: (which: string) => {
      const found = handlers.get(which)
      if (typeof found?.handler === 'function') found.handler(...found.args)
    },
    clock: {
      setTimeout: start('setTimeout'),
      setInterval: start('setInterval'),
      requestAnimationFrame: start('requestAnimationFrame'),
      clearTimeout: clear,
      clearInterval: clear,
      cancelAnimationFrame: clear,
    },
  }
}

test('a timeout is live until it fires, and gets its arguments', () => {
  const { clock, fire } = makeClock()
  const isLive = watchTimers(clock)
  let got: unknown
  const id = clock.setTimeout((value: unknown) => (got = value), 10, 'x') as number
  expect(isLive(id)).toBe(true)
  expect(isLive(1)).toBe(false)
  fire('setTimeout 1')
  expect(got).toBe('x')
  expect(isLive(id)).toBe(false)
})

test('an interval is live until it is cleared, under either name', () => {
  const { clock, fire, cleared } = makeClock()
  const isLive = watchTimers(clock)
  const one = clock.setInterval(() => {}, 10) as number
  const two = clock.setInterval(() => {}, 10) as number
  fire('setInterval 1')
  expect([isLive(one), isLive(two)]).toEqual([true, true])
  clock.clearInterval(one)
  clock.clearTimeout(two)
  expect([isLive(one), isLive(two)]).toEqual([false, false])
  expect(cleared).toEqual([1, 2])
})

test('a timeout and a frame of one number are two', () => {
  const { clock, fire, cleared } = makeClock()
  const isLive = watchTimers(clock)
  const timeout = clock.setTimeout(() => {}, 10) as number
  const frame = clock.requestAnimationFrame(() => {}) as number
  fire('requestAnimationFrame 1')
  expect([isLive(timeout), isLive(frame)]).toEqual([true, false])
  clock.cancelAnimationFrame(clock.requestAnimationFrame(() => {}))
  expect(cleared).toEqual([2])
})

test('what is no id of a live timer is cleared as it is', () => {
  const { clock, cleared } = makeClock()
  watchTimers(clock)
  for (const id of [undefined, 7, 2_000_000_000_000, 'x']) clock.clearTimeout(id)
  expect(cleared).toEqual([undefined, 7, 2_000_000_000_000, 'x'])
})

test('ids fit into the 32 bits that browsers have for them', () => {
  const { clock } = makeClock()
  watchTimers(clock)
  expect((clock.requestAnimationFrame(() => {}) as number) | 0).toBeGreaterThan(2_000_000_000)
})
