import { state, type ThreadClient, type ThreadContext } from 'bgthread/worker'

interface Row {
  id: number
  title: string
}

/** A logic of which clients can ask much. */
export class Besieged {
  readonly #rows = state<Row[]>(Array.from({ length: 5_000 }, (_, id) => ({ id, title: `row ${id}` })))
  readonly #ticks = state(0)
  readonly #clients: ThreadClient[] = []
  #context: ThreadContext | undefined

  onStart(context: ThreadContext) {
    this.#context = context
  }
  onConnect(client: ThreadClient) {
    this.#clients.push(client)
  }
  echo(value: unknown) {
    return value
  }
  forever() {
    return new Promise<never>(() => {})
  }
  async wait(callback: () => Promise<unknown>, ..._values: unknown[]) {
    return callback()
  }
  async *watchOne(value: unknown) {
    yield value
  }
  watchRows() {
    return this.#rows
  }
  watchTicks() {
    return this.#ticks
  }
  async *numbers() {
    for (let n = 0; ; n++) yield n
  }
  /** Changes one of the rows, and tells of it. */
  tick(n: number) {
    this.#rows.update((rows) => {
      rows[n % rows.length] = { id: n % rows.length, title: `tick ${n}` }
    })
    this.#ticks.set(n)
  }
  stats() {
    return this.#context?.stats()
  }
  /** All but the first. */
  putOut() {
    for (const client of this.#clients.splice(1)) client.disconnect()
  }
}
