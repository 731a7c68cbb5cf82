import { Observable, of } from 'rxjs'
import { writable } from 'svelte/store'
import { callSignal, state } from 'bgthread/worker'
import { ArgumentsLogic, type Progress } from './arguments.logic'
import { QuotaError } from './errors'
import type { Row } from './row'

/** Gives streams of every kind, and counts how often they are opened and closed. */
export class StreamsLogic extends ArgumentsLogic {
  #rows = state<Row[]>([])
  #counter = state<unknown>(0)
  #emit: (value: unknown) => void = () => {}
  opened = 0
  #closed = 0

  add(title: string): Row {
    const row = { id: this.#rows.get().length, title, tags: [] }
    this.#rows.update((rows) => [...rows, row])
    return row
  }
  addInPlace(title: string) {
    this.#rows.update((rows) => {
      rows.push({ id: rows.length, title, tags: [] })
    })
    return this.#rows.get().length
  }
  watchRows() {
    this.opened++
    return this.#rows
  }
  async watchRowsLater() {
    await null
    return this.#rows
  }
  watchRow(id: number) {
    this.opened++
    return state(this.#rows.get()[id])
  }
  watchFilter(filter: { text: string; list?: string[] }) {
    return state(filter)
  }
  watchAnything(value: unknown) {
    return state({ value })
  }
  #shared: AsyncGenerator<string> | undefined
  watchShared(_who: string) {
    return (this.#shared ??= emitOnce('shared'))
  }
  set(value: unknown) {
    this.#counter.set(value)
  }
  setMany(count: number) {
    for (let i = 1; i <= count; i++) this.#counter.set(i)
  }
  watchCounter() {
    return this.#counter
  }
  countOpened() {
    return this.opened
  }
  countClosed() {
    return this.#closed
  }
  async *count(from: number, to: number) {
    this.opened++
    try {
      for (let i = from; i < to; i++) yield i
    } finally {
      this.#closed++
      this.log('finally')
    }
  }
  async *countPulled(to: number) {
    for (let i = 0; i < to; i++) {
      this.log(`pull ${i}`)
      yield i
    }
  }
  async *slow() {
    const signal = callSignal()
    this.opened++
    yield 'first'
    await new Promise((resolve) => signal.addEventListener('abort', resolve))
    this.log('slow aborted')
  }
  async *watchAborting() {
    const signal = callSignal()
    yield 1
    await new Promise((_, reject) =>
      signal.addEventListener('abort', () => reject(signal.reason as Error)),
    ).finally(() => this.log('aborting'))
    yield 2
  }
  async *since(date: Date) {
    for (let i = date.getTime(); ; i++) {
      yield i
      await new Promise((resolve) => setTimeout(resolve))
    }
  }
  /** Yields what it was passed, calls back, and waits until it is ended. */
  async *watchPassed(value: unknown, onValue?: (run: number) => Promise<unknown>, moved?: ArrayBuffer) {
    const signal = callSignal()
    const run = ++this.opened
    try {
      const answer = await onValue?.(run)
      yield { run, value, answer, bytes: moved?.byteLength }
      await new Promise((resolve) => signal.addEventListener('abort', resolve))
    } finally {
      this.#closed++
    }
  }
  async *watchUntilAborted(signal: AbortSignal, date: Date) {
    this.opened++
    try {
      yield date
      await new Promise((_, reject) => signal.addEventListener('abort', () => reject(signal.reason as Error)))
    } finally {
      this.#closed++
    }
  }
  async countHeld() {
    await null
    return this.count(0, 1e9)
  }
  async countLate() {
    await this.wait('late')
    return new ReadableStream<number>({ cancel: () => void this.log('source closed') })
  }
  async *watchTwice(onValue: Progress) {
    for (let i = 0; i < 2; i++) {
      await onValue(i, 2)
      yield i
    }
  }
  watchBadEnd() {
    return of({ view: { draw() {} } })
  }
  async *failing() {
    yield 1
    throw new QuotaError(9)
  }
  /** Fails after its first value, and is alive when it is read again. */
  async *failingFirst() {
    const signal = callSignal()
    yield ++this.opened
    if (this.opened === 1) throw new QuotaError(1)
    await new Promise((resolve) => signal.addEventListener('abort', resolve))
  }
  watchReadable() {
    return new ReadableStream<number>({
      start(controller) {
        for (let i = 0; i < 3; i++) controller.enqueue(i)
        controller.close()
      },
    })
  }
  watchObservable() {
    return new Observable<number>((observer) => {
      this.opened++
      this.#emit = (value) => observer.next(value as number)
      observer.next(0)
      return () => this.#closed++
    })
  }
  watchInterop() {
    return {
      [Symbol.asyncIterator]: undefined as never,
      '@@observable': () => ({
        subscribe: (observer: { next(value: string): void; complete(): void }) => {
          observer.next('interop')
          observer.complete()
        },
      }),
      subscribe:
        (_next: (value: string) => void): (() => void) =>
        () => {},
    }
  }
  *watchNumbers(to: number) {
    this.opened++
    try {
      for (let i = 1; i <= to; i++) yield i
    } finally {
      this.#closed++
    }
  }
  #zustand = zustand({ n: 1 })
  watchZustand() {
    return this.#zustand
  }
  setZustand(n: number) {
    this.#zustand.setState({ n })
  }
  watchSvelte() {
    return writable('svelte')
  }
  emitMany(count: number) {
    for (let i = 1; i <= count; i++) this.#emit(i)
  }
  /** Emits one object again and again, changed in between. */
  emitChanging(count: number) {
    const shared = { n: 0, padding: Array.from({ length: 100 }, () => 'x') }
    for (let i = 1; i <= count; i++) {
      shared.n = i
      this.#emit(shared)
    }
  }
  watchUncloneable() {
    return state({ view: { draw() {} } })
  }
  async getRowsLater() {
    await null
    return this.#rows
  }
}

async function* emitOnce(value: string) {
  yield value
  await new Promise(() => {})
}

/** A store that tells changes only, as Zustand's do. */
function zustand<T>(state: T) {
  const listeners = new Set<(state: T, before: T) => void>()
  return {
    getState: () => state,
    setState(next: T) {
      const before = state
      state = next
      for (const listener of listeners) listener(next, before)
    },
    subscribe(listener: (state: T, before: T) => void) {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
  }
}
