import { reactive } from 'vue'
import { describe, expect, it, vi } from 'vitest'
import { bgThread, type Remote } from 'bgthread'
import { state, type State, type ThreadClient, type ThreadContext } from 'bgthread/worker'
import { CONNECT } from '../../src/core/connect.js'
import type { ThreadLine } from '../../src/core/protocol.js'
import { endAfterEach } from '../support/end-after-each.js'

interface Services {
  confirm(text: string): Promise<boolean>
  fail(): never
  theme(): State<string>
  wait(signal: AbortSignal): Promise<string>
  count(to: number): AsyncGenerator<number>
}

/** Does what only its page can do. */
class Guest {
  #host!: Remote<Services>
  #client: ThreadClient<Services> | undefined
  readonly themes: string[] = []
  onStart({ host }: ThreadContext<Services>) {
    this.#host = host
  }
  onConnect(client: ThreadClient<Services>) {
    this.#client = client
  }
  async ask(text: string) {
    return (await this.#host.confirm(text)) ? 'yes' : 'no'
  }
  async askClient(text: string) {
    return this.#client?.host?.confirm(text)
  }
  async fails() {
    await this.#host.fail()
  }
  follow() {
    this.#host.theme().subscribe((theme) => this.themes.push(theme))
  }
  seen() {
    return this.themes
  }
  giveUp(signal: AbortSignal) {
    return this.#host.wait(signal)
  }
  async sum(to: number) {
    let sum = 0
    for await (const number of this.#host.count(to)) sum += number
    return sum
  }
  secret() {
    return (this.#host as unknown as { _secret(): Promise<void> })._secret()
  }
  forever() {
    return (this.#host as unknown as { forever(): Promise<void> }).forever()
  }
}

const track = endAfterEach()

function start() {
  const theme = state('light')
  const asked: string[] = []
  const aborted: unknown[] = []
  const host = {
    confirm(text: string) {
      asked.push(text)
      return text !== 'delete?'
    },
    fail(): never {
      throw Object.assign(new RangeError('not here'), { code: 7 })
    },
    theme: () => theme,
    wait: (signal: AbortSignal) =>
      new Promise<string>((_, reject) => {
        asked.push('wait')
        signal.addEventListener('abort', () => {
          aborted.push(signal.reason)
          reject(signal.reason as Error)
        })
      }),
    async *count(to: number) {
      for (let i = 1; i <= to; i++) yield i
    },
    _secret: () => asked.push('secret'),
    forever: () => new Promise<never>(() => {}),
  }
  const thread = bgThread(async () => Guest, { name: 'guest', linger: 0, host })
  track(thread)
  return { thread, proxy: thread.proxy, theme, asked, aborted }
}

describe('host', () => {
  it('methods of the page are called from the thread, and give what they give', async () => {
    const { proxy, asked } = start()
    expect(await proxy.ask('really?')).toBe('yes')
    expect(await proxy.ask('delete?')).toBe('no')
    expect(await proxy.askClient('once more?')).toBe(true)
    expect(asked).toEqual(['really?', 'delete?', 'once more?'])
  })

  it('is offered also where the logic is made with an event, which does not cross', async () => {
    const made: unknown[][] = []
    class Made {
      constructor(...args: unknown[]) {
        made.push(args)
      }
    }
    const thread = bgThread(async () => Made, { args: [new Event('click')], host: {} })
    track(thread)
    await thread.ready
    expect(made).toEqual([[]])
  })

  it('what they throw arrives as it was, and from there at the page', async () => {
    const { proxy } = start()
    await expect(proxy.fails()).rejects.toMatchObject({ name: 'RangeError', message: 'not here', code: 7 })
  })

  it('their streams are streams in the thread', async () => {
    const { proxy, theme } = start()
    await proxy.follow()
    await vi.waitFor(async () => expect(await proxy.seen()).toEqual(['light']))
    theme.set('dark')
    await vi.waitFor(async () => expect(await proxy.seen()).toEqual(['light', 'dark']))
    expect(await proxy.sum(100)).toBe(5050)
  })

  it('a signal of the page reaches them by way of the thread', async () => {
    const { proxy, asked, aborted } = start()
    const controller = new AbortController()
    const call = proxy.giveUp(controller.signal)
    await vi.waitFor(() => expect(asked).toEqual(['wait']))
    controller.abort(new Error('enough'))
    await expect(call).rejects.toThrow('enough')
    await vi.waitFor(() => expect(aborted).toMatchObject([{ message: 'enough' }]))
  })

  it('only public methods are reachable', async () => {
    const { proxy, asked } = start()
    await expect(proxy.secret()).rejects.toMatchObject({ code: 'ACTION_NOT_FOUND' })
    expect(asked).toEqual([])
  })

  it('is there again when the thread has started again', async () => {
    const { thread, proxy } = start()
    await proxy.ask('first?')
    await thread.restart()
    expect(await proxy.ask('second?')).toBe('yes')
  })
})

describe('a proxy as an argument', () => {
  class Store {
    #rows = state<number[]>([])
    add(row: number) {
      this.#rows.update((rows) => [...rows, row])
    }
    watch() {
      return this.#rows
    }
  }
  class Search {
    #store: Remote<Store> | undefined
    readonly stores = new Set<unknown>()
    seen: number[] = []
    use(store: Remote<Store>) {
      this.#store = store
      this.stores.add(store)
      return this.stores.size
    }
    useMany(...stores: Remote<Store>[]) {
      return new Set(stores).size
    }
    useIn({ store }: { store: Remote<Store> }, _beside?: unknown) {
      this.#store = store
    }
    async add(row: number) {
      await this.#store?.add(row)
    }
    follow() {
      this.#store?.watch().subscribe((rows) => (this.seen = rows))
    }
    rows() {
      return this.seen
    }
  }
  const two = () => {
    const store = bgThread(async () => Store, { name: 'store', linger: 0 })
    const search = bgThread(async () => Search, { name: 'search', linger: 0 })
    track(store)
    track(search)
    return { store, search }
  }

  it('is the proxy of the same thread there: actions and streams', async () => {
    const { store, search } = two()
    await search.proxy.use(store.proxy)
    await search.proxy.follow()
    await search.proxy.add(1)
    await store.proxy.add(2)
    await vi.waitFor(async () => expect(await search.proxy.rows()).toEqual([1, 2]))
    await search.proxy.useIn({ store: store.proxy })
    await search.proxy.add(3)
    await vi.waitFor(async () => expect(await search.proxy.rows()).toEqual([1, 2, 3]))
  })

  it('is a direct line: what passes between the threads does not pass through the page', async () => {
    const { store, search } = two()
    await search.proxy.use(store.proxy)
    await search.proxy.add(0)
    const before = store.stats().received + store.stats().sent
    for (let i = 1; i <= 20; i++) await search.proxy.add(i)
    expect(store.stats().received + store.stats().sent).toBe(before)
  })

  it('passed again, it is the same', async () => {
    const { store, search } = two()
    expect(await search.proxy.use(store.proxy)).toBe(1)
    expect(await search.proxy.use(store.proxy)).toBe(1)
    expect(await search.proxy.useMany(store.proxy, store.proxy)).toBe(1)
  })

  it('crosses beside what everything has to be searched for', async () => {
    const { store, search } = two()
    await search.proxy.useIn({ store: store.proxy }, reactive({ rows: [1] }))
    await search.proxy.add(1)
    await search.proxy.follow()
    await vi.waitFor(async () => expect(await search.proxy.rows()).toEqual([1]))
  })

  it.each([
    ['cannot be cloned', new WeakMap(), { code: 'NOT_CLONEABLE', path: 'args[1]' }],
    ['is a signal that has aborted', AbortSignal.abort(new Error('no')), { message: 'no' }],
  ])('is given up where what is beside it %s', async (_, beside, error) => {
    const { search } = two()
    const { port1, port2 } = new MessageChannel()
    const given = new Promise<unknown>((resolve) =>
      port2.addEventListener('message', (event) => resolve(event.data)),
    )
    port2.start()
    const line: ThreadLine = [port1, 'store', 'store']
    const proxy = { [CONNECT]: () => line } as unknown as Remote<Store>
    await expect(search.proxy.useIn({ store: proxy }, beside)).rejects.toMatchObject(error)
    // So a client says that it leaves.
    expect(await given).toBeFalsy()
    port2.close()
  })

  it('lasts through a restart of the other thread', async () => {
    const { store, search } = two()
    await search.proxy.use(store.proxy)
    await search.proxy.follow()
    await search.proxy.add(1)
    await store.restart()
    await search.proxy.add(2)
    await vi.waitFor(async () => expect(await search.proxy.rows()).toEqual([2]))
  })

  it('says so when the other thread is closed', async () => {
    const { store, search } = two()
    await search.proxy.use(store.proxy)
    await store.close()
    await expect(search.proxy.add(1)).rejects.toMatchObject({ code: 'CLOSED' })
  })

  it('is refused in a result', async () => {
    const { store } = two()
    class Giver {
      give() {
        return { store: store.proxy }
      }
    }
    const giver = bgThread(async () => Giver)
    track(giver)
    await expect(giver.proxy.give()).rejects.toMatchObject({ code: 'NOT_CLONEABLE', path: 'result.store' })
  })
})
