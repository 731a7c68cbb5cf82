import { keep, state } from 'bgthread/worker'

export interface Row {
  id: number
  title: string
  tags: string[]
}

type Callback = (value: unknown) => unknown

/** A logic that does all that others do, and has what must never be reached. */
export class HostileLogic {
  readonly #count = state(0)
  readonly #rows = state<{ rows: Row[]; names: Map<string, object>; kinds: Set<unknown> }>({
    rows: Array.from({ length: 20 }, (_, id) => ({ id, title: `row ${id}`, tags: ['a'] })),
    names: new Map([['one', { n: 1 }]]),
    kinds: new Set([1, 'two']),
  })
  #reached: string[] = []
  #tick = 0
  field = () => this.#reached.push('field')

  add(n = 1): number {
    this.#count.update((count) => count + Number(typeof n === 'number' && n))
    return this.#count.get()
  }
  echo(...args: unknown[]): unknown {
    return args.length > 1 ? args : args[0]
  }
  watch() {
    return this.#count
  }
  /** The same again, for the one whose messages are forged. */
  watchRows() {
    return this.#rows
  }
  /** Changes them in one way after another. */
  change(): void {
    const tick = this.#tick++
    this.#rows.update(({ rows, names, kinds }) => {
      const row = rows[tick % rows.length]
      if (row) row.title = `tick ${tick}`
      if (tick % 3 === 0) rows.push({ id: 100 + tick, title: 'new', tags: [] })
      if (tick % 5 === 0) rows.splice(tick % 7, 1)
      if (tick % 7 === 0) rows.reverse()
      names.set(`name ${tick % 4}`, { n: tick })
      kinds.add(tick % 6)
    })
  }
  async *numbers() {
    for (let n = 0; n < 3; n++) yield n
  }
  /** Waits for what the callback promises. */
  async wait(callback: Callback) {
    return callback('waited')
  }
  /** Calls it later, as one may. */
  async hold(callback: Callback, { signal }: { signal?: AbortSignal } = {}) {
    const release = keep(callback)
    try {
      return signal?.aborted ? 'aborted' : await callback('held')
    } finally {
      release()
    }
  }
  fail(message: unknown): never {
    throw new RangeError(`planned: ${typeof message}`, { cause: new Error('why') })
  }
  /** What was reached of all that is below. */
  takeReached(): string[] {
    return this.#reached.splice(0)
  }

  _private() {
    this.#reached.push('_private')
  }
  onStop() {
    this.#reached.push('onStop')
  }
  saveState() {
    this.#reached.push('saveState')
  }
  toJSON() {
    this.#reached.push('toJSON')
  }
  get accessor() {
    this.#reached.push('accessor')
    return () => {}
  }
}
