import { describe, expect, it } from 'vitest'
import fc from 'fast-check'
import { Queue } from '../../src/core/queue.js'

describe('Queue', () => {
  it('does what an array does with push and shift, whatever the order', () => {
    const step = fc.oneof(fc.integer(), fc.constantFrom('shift', 'shift', 'clear'), fc.constant(undefined))
    fc.assert(
      fc.property(fc.array(step, { maxLength: 200, size: 'max' }), (steps) => {
        const queue = new Queue<unknown>()
        let model: unknown[] = []
        for (const step of steps) {
          if (step === 'shift') expect(queue.shift()).toBe(model.shift())
          else if (step === 'clear') {
            queue.clear()
            model = []
          } else {
            queue.push(step)
            model.push(step)
          }
          expect(queue.length).toBe(model.length)
        }
      }),
    )
  })

  it('is emptied in time that grows with its length, not with the square of it', () => {
    const queue = new Queue<number>()
    for (let i = 0; i < 1_000_000; i++) queue.push(i)
    let sum = 0
    while (queue.length > 0) sum += queue.shift() as number
    expect(sum).toBe(499_999_500_000)
  })
})
