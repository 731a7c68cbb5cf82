import { Observable, Subject } from 'rxjs'
import { describe, expect, it } from 'vitest'
import { Hubs } from '../../../src/core/sources.js'
import { state } from '../../../src/core/state.js'
import { hubOf, Taker } from './taker'

/** A subscribable of any library, made by hand. */
function makeSubject() {
  const observers = new Set<{ next(value: unknown): void; error(e: unknown): void; complete(): void }>()
  return {
    observers,
    subscribe(observer: { next(value: unknown): void; error(e: unknown): void; complete(): void }) {
      observers.add(observer)
      return { unsubscribe: () => observers.delete(observer) }
    },
  }
}

describe('a source that is read by several', () => {
  it('is subscribed once, and each of them gets every value from then on', () => {
    let subscriptions = 0
    const subject = new Subject<number>()
    const source = new Observable<number>((observer) => (subscriptions++, subject.subscribe(observer)))
    const hub = hubOf(source)
    const [first, second] = [new Taker(), new Taker()]
    hub.add(first)
    subject.next(1)
    hub.add(second)
    subject.next(2)
    hub.remove(first)
    subject.next(3)
    subject.complete()
    expect([first.told, second.told, subscriptions]).toEqual([[1, 2], [2, 3, 'complete'], 1])
  })

  it('is unsubscribed when the last has left, and subscribed again by the next', () => {
    const source = { ...makeSubject(), pipe() {} }
    const hub = hubOf(source)
    const [first, second] = [new Taker(), new Taker()]
    hub.add(first)
    hub.add(second)
    hub.remove(first)
    hub.remove(first)
    expect(source.observers.size).toBe(1)
    hub.remove(second)
    expect(source.observers.size).toBe(0)
    hub.add(first)
    expect(source.observers.size).toBe(1)
  })

  it('is one for all who ask with the same object, and another for another object', () => {
    const hubs = new Hubs()
    const source = state(1)
    expect(hubs.of(source)).toBe(hubs.of(source))
    expect(hubs.of(source)).not.toBe(hubs.of(state(1)))
  })

  it('a reader that leaves while a value is told to the others does not get it', () => {
    const subject = new Subject<number>()
    const hub = hubOf(subject)
    const second = new Taker()
    const first = Object.assign(new Taker(), { next: () => hub.remove(second) })
    hub.add(first)
    hub.add(second)
    subject.next(1)
    expect(second.told).toEqual([])
  })

  it('a store has the newest, also where telling another reader has emitted it', () => {
    const subject = new Subject<number>()
    const hub = hubOf(subject)
    const first = new Taker()
    const emitting = Object.assign(new Taker(), { next: (n: number) => n === 1 && subject.next(2) })
    const store = Object.assign(new Taker(), { wantsLast: true })
    for (const reader of [first, emitting, store]) hub.add(reader)
    subject.next(1)
    expect(first.told).toEqual([1, 2])
    expect(store.told.at(-1)).toBe(2)
  })

  it('a reader that leaves during its first value leaves the source closed', () => {
    const cell = state(1)
    let readers = 0
    const source = {
      subscribe: (next: (n: number) => void) => {
        readers++
        const unsubscribe = cell.subscribe(next)
        return () => (readers--, unsubscribe())
      },
    }
    const hub = hubOf(source)
    const taker: Taker = Object.assign(new Taker(), { next: () => hub.remove(taker) })
    hub.add(taker)
    expect(readers).toBe(0)
  })
})
