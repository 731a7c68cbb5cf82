/** A reader of a source for tests, and what they read with it. */
import { expect, vi } from 'vitest'
import { type Hub, Hubs, type SourceReader } from '../../../src/core/sources.js'

/** A reader that may take so many values and writes down what it is told. */
export class Taker implements SourceReader {
  readonly wantsLast = false
  readonly told: unknown[] = []
  constructor(public room = Infinity) {}
  get open() {
    return this.room > 0
  }
  next(value: unknown) {
    this.room--
    this.told.push(value)
  }
  error(error: unknown) {
    this.told.push(['error', error])
  }
  complete() {
    this.told.push('complete')
  }
}

export const hubOf = (source: object): Hub => new Hubs().of(source)

/** Waits for the end or the failure of what it reads. */
export const settled = async (taker: Taker) => vi.waitFor(() => expect(taker.told.at(-1)).toSatisfy(isEnd))
const isEnd = (what: unknown) => what === 'complete' || Array.isArray(what)

/** A generator of the numbers from 1. */
export async function* count(to: number) {
  for (let i = 1; i <= to; i++) yield i
}
