/** Ways there and back, timed by who makes them: a page, or a thread. */
import type { Add } from './adder.js'

/** Makes calls one after another, each when the one before is answered. Gives µs for each. Throws where a sum is wrong. */
export async function oneByOne(add: Add, count: number): Promise<number> {
  let total = 0
  const start = performance.now()
  for (let i = 0; i < count; i++) total += await add(i, 1)
  const time = performance.now() - start
  checkTotal(total, count)
  return (time * 1000) / count
}

/** Makes calls in one task. Gives ms until all are answered. Throws where a sum is wrong. */
export async function atOnce(add: Add, count: number): Promise<number> {
  const start = performance.now()
  const sums = await Promise.all(Array.from({ length: count }, (_, i) => add(i, 1)))
  const time = performance.now() - start
  if (sums.some((sum, i) => sum !== i + 1)) throw new Error('a sum is that of another call')
  return time
}

/** The middle one of eleven times of calls in one task: ms. */
export async function middleAtOnce(add: Add, count: number): Promise<number> {
  const times: number[] = []
  while (times.length < 11) times.push(await atOnce(add, count))
  return times.sort((a, b) => a - b)[5] ?? Number.NaN
}

function checkTotal(total: number, count: number): void {
  const expected = (count * (count + 1)) / 2
  if (total !== expected) throw new Error(`${count} sums make ${total} and not ${expected}`)
}
