/** The logic that every transport is tested with. */
import { Observable, of } from 'rxjs'
import { writable } from 'svelte/store'
import { reactive } from 'vue'
import { callSignal, keep, state, transfer, type ThreadContext } from 'bgthread/worker'
import { PrivateError, QuotaError } from './errors'

export interface Row {
  id: number
  title: string
  tags: string[]
}

type Progress = (done: number, total: number) => Promise<unknown>

export default class ContractLogic {
  #rows = state<Row[]>([])
  #counter = state<unknown>(0)
  #log: string[] = []
  #emit: (value: unknown) => void = () => {}
  #kept: ((value: number) => Promise<unknown>) | undefined
  #release = () => {}
  #gates = new Map<string, () => void>()
  #context: ThreadContext | undefined
  opened = 0
  #closed = 0
  /** A field that holds a function is not an action. */
  field = () => 'reached'

  constructor(
    private owner = 'nobody',
    readonly made: unknown = undefined,
  ) {
    if (owner === 'throw') throw new QuotaError(3)
  }

  onStart(context: ThreadContext) {
    this.#context = context
    if (this.owner === 'hang') return new Promise(() => {})
    if (this.owner === 'late') return Promise.reject(new RangeError('onStart failed'))
  }
  onStop() {
    this.#log.push('stopped')
    if (this.owner === 'bad-stop') throw new RangeError('onStop failed')
    return this.onStopped?.('stopped')
  }
  private onStopped: ((how: string) => Promise<unknown>) | undefined

  /* patches */
  #table = state<Row[]>([])
  #stock = state<{ code: string; count: number }[]>([], { key: 'code' })
  #whole = state<Row[]>([], { patches: false })
  #boxes = state({
    byName: new Map<string, { count: number }>(),
    open: new Set<string>(),
    at: new Date(0),
    bytes: new Uint8Array(4),
    big: 1n,
    /** So much that a patch is shorter. */
    rest: Array.from({ length: 100 }, (_, i) => i),
  })
  fillTable(count: number) {
    const rows = () =>
      Array.from({ length: count }, (_, id) => ({ id, title: `title ${id}`, tags: ['a', 'b'] }))
    this.#table.set(rows())
    this.#whole.set(rows())
  }
  watchTable() {
    return this.#table
  }
  watchWholeTable() {
    return this.#whole
  }
  changeRow(id: number, title: string, how: 'replaced' | 'mutated' | 'copied') {
    const change = (rows: Row[]) => {
      if (how === 'copied') rows = structuredClone(rows)
      if (how === 'replaced') return rows.map((row) => (row.id === id ? { ...row, title } : row))
      const row = rows.find((row) => row.id === id)
      if (row) row.title = title
      return rows
    }
    this.#table.update(change)
    this.#whole.update(change)
  }
  moveFirstRow() {
    this.#table.update((rows) => void rows.push(rows.shift() as Row))
  }
  setTableAgain() {
    this.#table.update(() => {})
  }
  addFirstRowAgain() {
    this.#table.update((rows) => void rows.push(rows[0] as Row))
  }
  watchStock() {
    return this.#stock
  }
  setStock(stock: { code: string; count: number }[]) {
    this.#stock.set(stock)
  }
  watchBoxes() {
    return this.#boxes
  }
  changeBoxes(name: string) {
    this.#boxes.update((boxes) => {
      boxes.byName.set(name, { count: name.length })
      boxes.open.add(name)
      boxes.at.setTime(boxes.at.getTime() + 1)
      boxes.bytes[1] = name.length
      boxes.big += 1n
    })
  }
  countSnapshots() {
    return this.#context?.stats()
  }

  /* values */
  echo<T>(value: T): T {
    return value
  }
  echoAll(...values: unknown[]) {
    return values
  }
  async echoLater(value: unknown) {
    await null
    return value
  }
  describeContext() {
    return { name: this.#context?.name, epoch: this.#context?.epoch, owner: this.owner, made: this.made }
  }
  callMade(value: number) {
    return (this.made as { onEvent(value: number): Promise<number> }).onEvent(value)
  }
  madeAborted() {
    const { signal } = this.made as { signal: AbortSignal }
    return signal.aborted ? (signal.reason as Error).message : 'not yet'
  }
  thenable(how: string): PromiseLike<number> {
    // oxlint-disable-next-line unicorn/no-thenable -- as some database libraries have it
    return {
      then: (resolve: (value: unknown) => void) => {
        if (how === 'throw') throw new Error('then throws')
        resolve(Promise.resolve(5))
      },
    } as PromiseLike<number>
  }
  giveReactive(count: number) {
    return reactive(Array.from({ length: count }, (_, id) => ({ id })))
  }
  /** Returns an array and changes it in the same tick. */
  returnAndChange() {
    const list = [1, 2, 3]
    queueMicrotask(() => list.push(4))
    return list
  }
  returnBigAndChange() {
    const list = Array.from({ length: 1_000 }, (_, i) => i)
    queueMicrotask(() => list.push(-1))
    return list
  }
  same(a: unknown, b: unknown) {
    return a === b
  }
  sameInside(both: { a: unknown; b: unknown }) {
    return both.a === both.b
  }
  kindOf(value: unknown) {
    return Object.prototype.toString.call(value)
  }
  takeBuffer(buffer: ArrayBuffer) {
    return buffer.byteLength
  }
  giveBuffer(length: number) {
    const buffer = new ArrayBuffer(length)
    this.#log.push('given')
    return transfer({ buffer }, [buffer])
  }
  giveDeep(levels: number): unknown {
    let deep: unknown = 1
    for (let i = 0; i < levels; i++) deep = { deep }
    return deep
  }
  watchDeep(levels: number) {
    return state(this.giveDeep(levels))
  }
  #given: ArrayBuffer | undefined
  giveNested(length: number) {
    this.#given = new ArrayBuffer(length)
    return { list: [{ image: transfer(this.#given, [this.#given]) }] }
  }
  leftOfGiven() {
    return this.#given?.byteLength
  }
  uncloneable() {
    return { rows: [1, 2, () => 3] }
  }
  uncloneablePromise() {
    return { later: Promise.resolve(1) }
  }

  /* errors */
  throwIt(what: string): never {
    const table: Record<string, unknown> = {
      type: new TypeError('wrong type', { cause: new RangeError('deep', { cause: 'deeper' }) }),
      aggregate: new AggregateError([new Error('one'), 'two'], 'several'),
      dom: new DOMException('aborted', 'AbortError'),
      quota: new QuotaError(7, { cause: new QuotaError(8) }),
      private: new PrivateError('hidden'),
      props: Object.assign(new Error('with props'), {
        code: 'E_CODE',
        status: 404,
        details: { a: [1] },
        socket: () => {},
      }),
      nested: Object.assign(new Error('outer'), {
        original: Object.assign(new TypeError('inner'), { code: 'E_INNER' }),
      }),
      undefined: undefined,
      null: null,
      zero: 0,
      empty: '',
      false: false,
      object: { reason: 'plain' },
      function: () => {},
    }
    throw table[what]
  }
  async rejectIt(what: string) {
    await null
    this.throwIt(what)
  }
  throwHostile(what: string): never {
    if (what === 'message') throw Object.assign(new Error('x'), { message: Object.create(null) as string })
    if (what === 'name')
      throw Object.assign(new Error('x'), {
        name: {
          toString() {
            throw new Error('hostile')
          },
        },
      })
    const { proxy, revoke } = Proxy.revocable(new Error('p'), {
      ownKeys() {
        throw new Error('hostile')
      },
    })
    if (what === 'revoked') revoke()
    throw proxy
  }
  async rejectHostile(what: string) {
    await null
    this.throwHostile(what)
  }
  failLater() {
    setTimeout(() => {
      throw new RangeError('nobody caught this')
    })
    void Promise.reject(new QuotaError(5))
  }

  /* order and time */
  log(entry: string) {
    this.#log.push(entry)
    return this.#log.length
  }
  readLog() {
    return this.#log
  }
  async wait(name: string) {
    this.#log.push(`begin ${name}`)
    await new Promise<void>((open) => this.#gates.set(name, open))
    this.#log.push(`end ${name}`)
    return name
  }
  open(name: string) {
    this.#gates.get(name)?.()
  }
  work(milliseconds: number) {
    const end = performance.now() + milliseconds
    while (performance.now() < end);
    return milliseconds
  }

  /* callbacks and signals */
  async progress(total: number, onProgress: Progress) {
    for (let i = 1; i <= total; i++) void onProgress(i, total)
    return total
  }
  async ask(question: { deep: { answer: (question: string) => Promise<unknown> } }) {
    return await question.deep.answer('why?')
  }
  sum(list: unknown[], onDone: (length: number) => Promise<unknown>) {
    void onDone(list.length)
    return list.length
  }
  keepCallback(callback: (value: number) => Promise<unknown>) {
    this.#kept = callback
    this.#release = keep(callback)
  }
  loseCallback(callback: (value: number) => Promise<unknown>) {
    this.#kept = callback
  }
  async callKept(value: number) {
    return await this.#kept?.(value)
  }
  releaseKept() {
    this.#release()
  }
  async untilAborted(options: { signal: AbortSignal }) {
    this.#log.push('waiting')
    await new Promise((resolve) => options.signal.addEventListener('abort', resolve))
    this.#log.push(`aborted: ${(options.signal.reason as Error).message}`)
    return 'too late'
  }
  async untilCancelled() {
    const signal = callSignal()
    this.#log.push('waiting')
    await new Promise((resolve) => signal.addEventListener('abort', resolve))
    this.#log.push(`cancelled: ${signal.reason instanceof DOMException && signal.reason.name}`)
  }
  async *watchWithCallback(onValue: Progress) {
    for (let i = 0; ; i++) {
      await onValue(i, 0)
      yield i
    }
  }

  /* streams */
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
      this.#log.push('finally')
    }
  }
  async *countPulled(to: number) {
    for (let i = 0; i < to; i++) {
      this.#log.push(`pull ${i}`)
      yield i
    }
  }
  async *slow() {
    const signal = callSignal()
    this.opened++
    yield 'first'
    await new Promise((resolve) => signal.addEventListener('abort', resolve))
    this.#log.push('slow aborted')
  }
  async *watchAborting() {
    const signal = callSignal()
    yield 1
    await new Promise((_, reject) =>
      signal.addEventListener('abort', () => reject(signal.reason as Error)),
    ).finally(() => this.#log.push('aborting'))
    yield 2
  }
  async *since(date: Date) {
    for (let i = date.getTime(); ; i++) {
      yield i
      await new Promise((resolve) => setTimeout(resolve))
    }
  }
  async countLate() {
    await this.wait('late')
    return new ReadableStream<number>({ cancel: () => void this.#log.push('source closed') })
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
  watchSvelte() {
    return writable('svelte')
  }
  emit(value: unknown) {
    this.#emit(value)
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
  getRows(): unknown {
    return this.#rows
  }
  async getRowsLater() {
    await null
    return this.#rows
  }

  /* not reachable */
  _hidden() {
    return 'reached'
  }
  get accessor() {
    this.#log.push('accessor ran')
    return () => 'reached'
  }
  saveState() {
    return 'reached'
  }
}

async function* emitOnce(value: string) {
  yield value
  await new Promise(() => {})
}
