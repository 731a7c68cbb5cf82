import { describe, expect, it, vi } from 'vitest'
import { attach, bgThread, LimitError, type Remote, ThreadClosedError, ThreadDiedError } from 'bgthread'
import { state, type ThreadClient, type ThreadContext } from 'bgthread/worker'
import { followed } from '../contract/stays'
import { mortals } from '../model/mortal'
import { deferred } from '../support/deferred'
import { endAfterEach } from '../support/end-after-each'

/** Clients write into one list, and some wait for ever. */
class Board {
  #notes = state<string[]>([])
  #context: ThreadContext | undefined
  readonly told: string[] = []
  readonly clients: ThreadClient[] = []

  onStart(context: ThreadContext) {
    this.#context = context
  }
  onConnect(client: ThreadClient) {
    this.clients.push(client)
    this.told.push(`+${client.id}`)
  }
  onDisconnect(client: ThreadClient) {
    this.told.push(`-${client.id}${client.signal.aborted ? '' : ' too early'}`)
  }
  add(note: string) {
    this.#notes.update((notes) => [...notes, note])
  }
  watch() {
    return this.#notes
  }
  forever() {
    return new Promise<never>(() => {})
  }
  async slow(gate: () => Promise<unknown>) {
    await gate()
    return 'done'
  }
  stats() {
    return this.#context?.stats()
  }
  tell() {
    return this.told
  }
  greet(id: number) {
    const host = this.clients.find((client) => client.id === id)?.host as Remote<{ greet(): Promise<string> }>
    return host.greet()
  }
  putOut(id: number) {
    this.clients.find((client) => client.id === id)?.disconnect()
  }
}

const track = endAfterEach()

function start(options: object = {}) {
  const owner = bgThread(async () => Board, { name: 'board', linger: 0, ...options })
  track(owner)
  const join = (settings = {}) => attach<Board>(owner.connect(), { name: 'guest', linger: 0, ...settings })
  return { owner, join }
}

describe('attach', () => {
  it('a write by one client shows in the streams of all', async () => {
    const { owner, join } = start()
    const guests = [join(), join(), join()]
    const seen = [owner, ...guests].map(({ proxy }) => {
      const stream = proxy.watch()
      stream.subscribe(() => {})
      return stream
    })
    await vi.waitFor(() => expect(seen.map((stream) => stream.get())).toEqual([[], [], [], []]))
    await guests[1]!.proxy.add('milk')
    expect(seen[2]!.get()).toEqual(['milk'])
    await vi.waitFor(() =>
      expect(seen.map((stream) => stream.get())).toEqual([1, 2, 3, 4].map(() => ['milk'])),
    )
  })

  it('clients are counted, told of, and what was their own goes with them', async () => {
    const { owner, join } = start()
    await owner.ready
    const guest = join()
    await guest.ready
    guest.proxy.watch().subscribe(() => {})
    const lost = guest.proxy.forever()
    await vi.waitFor(async () =>
      expect(await owner.proxy.stats()).toMatchObject({ clients: 2, subscriptions: 1, pendingCalls: 1 }),
    )
    guest.terminate()
    await expect(lost).rejects.toBeInstanceOf(ThreadClosedError)
    await vi.waitFor(async () =>
      expect(await owner.proxy.stats()).toMatchObject({ clients: 1, subscriptions: 0, pendingCalls: 0 }),
    )
    expect(await owner.proxy.tell()).toEqual(['+1', '+2', '-2'])
  })

  it('a client that closes waits for its own calls, and the thread goes on', async () => {
    const { owner, join } = start()
    const guest = join()
    await guest.ready
    const gate = deferred()
    const slow = guest.proxy.slow(() => gate.promise)
    const closed = guest.close()
    await expect(guest.proxy.add('late')).rejects.toBeInstanceOf(ThreadClosedError)
    gate.resolve()
    expect(await slow).toBe('done')
    await closed
    expect(guest.status.get()?.state).toBe('closed')
    await owner.proxy.add('on')
    await vi.waitFor(async () => expect(await owner.proxy.tell()).toEqual(['+1', '+2', '-2']))
  })

  it('the one who has the thread closes it for all, and calls in flight finish first', async () => {
    const { owner, join } = start()
    const guest = join()
    await guest.ready
    const gate = deferred()
    const slow = guest.proxy.slow(() => gate.promise)
    await vi.waitFor(async () => expect(await owner.proxy.stats()).toMatchObject({ pendingCalls: 1 }))
    const closed = owner.close()
    await expect(owner.proxy.add('late')).rejects.toBeInstanceOf(ThreadClosedError)
    gate.resolve()
    expect(await slow).toBe('done')
    await closed
    await vi.waitFor(() => expect(guest.status.get()?.state).toBe('closed'))
    await expect(guest.proxy.add('late')).rejects.toBeInstanceOf(ThreadClosedError)
    const late = attach<Board>(owner.connect())
    await expect(late.proxy.add('late')).rejects.toBeInstanceOf(ThreadClosedError)
  })

  it('terminating a thread rejects what its clients wait for', async () => {
    const { owner, join } = start()
    const guest = join()
    await guest.ready
    const lost = guest.proxy.forever()
    owner.terminate()
    await expect(lost).rejects.toBeInstanceOf(ThreadClosedError)
  })

  it('a client of a thread that could not start is there again when that is restarted, and so are its stores', async () => {
    let broken = true
    const owner = track(
      bgThread(
        async () => {
          if (broken) throw new Error('no network')
          return Board
        },
        { name: 'board', linger: 0 },
      ),
    )
    const [early, closed] = [1, 2].map(() => track(attach<Board>(owner.connect(), { linger: 0 })))
    await expect(owner.ready).rejects.toMatchObject({ code: 'START_FAILED' })
    const late = track(attach<Board>(owner.connect(), { linger: 0 }))
    const clients = [early!, late]
    const readings = clients.map(({ proxy }) => followed(proxy.watch()))
    for (const client of [...clients, closed!])
      await vi.waitFor(() => expect(client.status.get()?.state).toBe('failed'))
    for (const seen of readings) await vi.waitFor(() => expect(seen.at(-1)).toMatch(/^error none/))
    await expect(early!.proxy.add('lost')).rejects.toThrow('no network')
    await closed!.close()

    broken = false
    await owner.restart()
    for (const client of clients) await vi.waitFor(() => expect(client.status.get()?.state).toBe('ready'))
    await late.proxy.add('milk')
    for (const seen of readings) await vi.waitFor(() => expect(seen.at(-1)).toBe('live milk'))
    expect(await owner.proxy.stats()).toMatchObject({ clients: 3 })
    expect(closed!.status.get()?.state).toBe('failed')

    owner.terminate()
    for (const client of clients) await vi.waitFor(() => expect(client.status.get()?.state).toBe('closed'))
  })

  it('a client of a thread that could not start is told why, also where not all of that can cross', async () => {
    const load = (): Promise<typeof Board> => {
      throw new Error('no network', { cause: { status: 503, retry() {} } })
    }
    const owner = track(bgThread(load, { name: 'board', linger: 0 }))
    const client = track(attach<Board>(owner.connect(), { linger: 0 }))
    await expect(owner.ready).rejects.toMatchObject({ code: 'START_FAILED' })
    await vi.waitFor(() => expect(client.status.get()?.state).toBe('failed'))
    expect(client.status.get()?.error).toMatchObject({
      cause: { message: 'no network', cause: { status: 503 } },
    })
  })

  it('a client that asks for more than it may is put out, and the others go on', async () => {
    const { owner, join } = start({ limits: { calls: 5, subscriptions: 5 } })
    const guest = join()
    const other = join()
    await Promise.all([guest.ready, other.ready])
    const calls = Array.from({ length: 11 }, () => guest.proxy.forever())
    const ends = await Promise.allSettled(calls)
    expect(ends.map((end) => (end as PromiseRejectedResult).reason.code)).toEqual(Array(11).fill('LIMIT'))
    expect(guest.status.get()).toMatchObject({ state: 'failed', error: expect.any(LimitError) })
    await other.proxy.add('still here')
    expect(await owner.proxy.tell()).toEqual(['+1', '+2', '+3', '-2'])
  })

  it('F18: a call of a client that goes rejects in the thread', async () => {
    const { owner, join } = start()
    const guest = join({ host: { greet: () => 'hello' } })
    await guest.ready
    expect(await owner.proxy.greet(2)).toBe('hello')
    const asked = deferred()
    const greet = () => {
      asked.resolve()
      return new Promise<never>(() => {})
    }
    const silent = join({ host: { greet } })
    await silent.ready
    const lost = owner.proxy.greet(3)
    await asked.promise
    silent.terminate()
    await expect(lost).rejects.toMatchObject({ code: 'CLOSED' })
  })

  it('the logic may put a client out', async () => {
    const { owner, join } = start()
    const guest = join()
    await guest.ready
    const lost = guest.proxy.forever()
    await owner.proxy.putOut(2)
    await expect(lost).rejects.toMatchObject({ code: 'CLOSED' })
    expect(await owner.proxy.tell()).toEqual(['+1', '+2', '-2'])
  })

  it('goes on with the next start when the thread is restarted, and its streams too', async () => {
    const { owner, join } = start()
    const guest = join()
    const seen: unknown[] = []
    guest.proxy.watch().subscribe((notes) => seen.push(notes))
    await guest.proxy.add('before')
    await owner.restart()
    await guest.proxy.add('after')
    await vi.waitFor(() => expect(seen.at(-1)).toEqual(['after']))
    expect(guest.status.get()).toMatchObject({ state: 'ready', epoch: 2 })
  })

  it('goes on with the next start when the thread has died', async () => {
    const { load, current } = mortals(() => new Board())
    const owner = bgThread<Board>(load, { name: 'mortal', linger: 0 })
    track(owner)
    const guest = attach<Board>(owner.connect(), { linger: 0 })
    await guest.ready
    const lost = guest.proxy.forever()
    current().die()
    await expect(lost).rejects.toBeInstanceOf(ThreadDiedError)
    await guest.proxy.add('again')
    expect(await owner.proxy.tell()).toEqual(expect.arrayContaining(['+1', '+2']))
  })

  it('a port of a client is for another client of the same thread', async () => {
    const { owner, join } = start()
    const guest = join()
    const grandchild = attach<Board>(guest.connect())
    await grandchild.proxy.add('from far')
    expect((await owner.proxy.stats())?.clients).toBe(3)
    grandchild.terminate()
    guest.terminate()
  })

  it('says what is wrong where it is not given a port', () => {
    expect(() => attach({} as MessagePort)).toThrow('port must be a MessagePort that thread.connect() gave')
  })
})
