import fc from 'fast-check'
import { onTestFinished, describe, expect, it, vi } from 'vitest'
import * as Wire from '../../src/core/protocol.js'
import { state } from '../../src/core/state.js'
import { connect, TOKEN, type Pair } from './pair'
import { turn, watchReports } from './watch'

/** What a logic must never be made to do, and what it may. */
class App {
  reached: string[] = []
  count = state(0)
  field = () => this.reached.push('field')
  add(n = 1) {
    this.count.update((count) => count + n)
    return this.count.get()
  }
  alive() {
    return 'alive'
  }
  still() {
    return 'still'
  }
  watch() {
    return this.count
  }
  async wait(callback: () => Promise<unknown>) {
    return callback()
  }
  async answerAfter(gate: Promise<unknown>) {
    return gate
  }
  async giveHostile() {
    return {
      get subscribe() {
        throw new RangeError('hostile')
      },
    }
  }
  fail() {
    throw Object.defineProperty(new RangeError('e'), 'code', {
      enumerable: true,
      get: () => {
        throw new Error('hostile')
      },
    })
  }
  echo(...args: unknown[]) {
    return args
  }
  take(options: { signal: AbortSignal; on?: () => void }) {
    return options.signal.aborted
  }
  _private() {
    this.reached.push('_private')
  }
  onStop() {
    this.reached.push('onStop')
  }
  toJSON() {
    this.reached.push('toJSON')
  }
  get accessor() {
    this.reached.push('accessor')
    return () => {}
  }
}

const stop =
  'constructor __proto__ _private onStop toJSON accessor field hasOwnProperty toString valueOf then'.split(
    ' ',
  )

describe('what can be reached', () => {
  it.each([...stop, '__defineGetter__', 'isPrototypeOf', 'reached', 'count', 'call', 'apply', 'push', ''])(
    '%j is no action, though it is called by name',
    async (name) => {
      const app = new App()
      const { page } = await connect(app)
      await expect(page.asker.call(name, [])).rejects.toMatchObject({ code: 'ACTION_NOT_FOUND' })
      expect(app.reached).toEqual([])
    },
  )

  it('a field with a function says how to make it callable', async () => {
    const { page } = await connect(new App())
    await expect(page.asker.call('field', [])).rejects.toThrow("'field' is a field; make it a method")
  })
})

describe('every call is settled', () => {
  it('where an error has a getter that throws', async () => {
    const { proxy } = await connect(new App())
    await expect(proxy.fail?.()).rejects.toMatchObject({ name: 'RangeError', message: 'e' })
  })

  it('where a result cannot even be looked at', async () => {
    const { proxy } = await connect(new App())
    await expect(proxy.giveHostile?.()).rejects.toThrow('hostile')
  })

  it('where an argument cannot even be looked at', async () => {
    const { proxy, page } = await connect(new App())
    const revocable = Proxy.revocable({}, {})
    revocable.revoke()
    await expect(proxy.echo?.(1, { a: revocable.proxy })).rejects.toMatchObject({ code: 'NOT_CLONEABLE' })
    expect(page.stats.pendingCalls).toBe(0)
  })

  it('and a signal that has aborted before leaves nothing behind', async () => {
    const { proxy, page } = await connect(new App())
    const late = new AbortController()
    const call = proxy.take?.({
      signal: AbortSignal.abort(new Error('early')),
      on: () => {},
      late: late.signal,
    })
    await expect(call).rejects.toThrow('early')
    expect(page.stats).toMatchObject({ pendingCalls: 0, callbacks: 0, signals: 0 })
  })
})

describe('callbacks', () => {
  it('in a Set and under an object key of a Map are called', async () => {
    class Caller {
      async call(set: Set<() => unknown>, map: Map<{ id: number }, (n: number) => unknown>) {
        const [[key, mapped]] = [...map] as [[{ id: number }, (n: number) => unknown]]
        return [...(await Promise.all([...set].map((one) => one()))), await mapped(key.id)]
      }
    }
    const { proxy } = await connect(new Caller())
    const map = new Map([[{ id: 5 }, (n: number) => n * 2]])
    expect(await proxy.call?.(new Set([() => 'a', () => 'b']), map)).toEqual(['a', 'b', 10])
  })

  it('that give a stream give none to a thread which does not read streams', async () => {
    class Reader {
      read(open: () => Promise<unknown>) {
        return open()
      }
    }
    const { proxy } = await connect(new Reader())
    await expect(proxy.read?.(() => state(1))).rejects.toMatchObject({ code: 'NOT_CLONEABLE' })
  })

  it('that give a stream give it to a thread which reads streams', async () => {
    const seen: unknown[] = []
    class Reader {
      async read(open: () => Promise<{ subscribe(next: (value: unknown) => void): () => void }>) {
        const stream = await open()
        await new Promise<void>((resolve) => {
          stream.subscribe((value) => {
            seen.push(value)
            if (value === 2) resolve()
          })
        })
      }
    }
    const { proxy } = await connect(new Reader(), { whole: true })
    const cell = state(1)
    const call = proxy.read?.(() => cell)
    await vi.waitFor(() => expect(seen).toEqual([1]))
    cell.set(2)
    await call
    expect(seen).toEqual([1, 2])
  })
})

/** Numbers of nothing, and what is no number. */
const ids = fc.constantFrom<unknown>(
  -1,
  0,
  1,
  2.5,
  1e9,
  2 ** 53,
  NaN,
  '2',
  '3',
  null,
  undefined,
  true,
  [3],
  {},
  '__proto__',
  'length',
)
const odd = fc.oneof(
  ids,
  fc.anything({ withBigInt: true, withDate: true, withMap: true, withSet: true, withTypedArray: true }),
)
const text = fc.constantFrom(
  'add',
  'constructor',
  '__proto__',
  '_private',
  'onStop',
  'hasOwnProperty',
  '5',
  '{"length":3}',
  '[',
  '"__proto__"',
  '{"__proto__":{"polluted":1}}',
  '[{"__proto__":{"polluted":1}}]',
)
const encoded = fc.record({
  type: fc.constantFrom<unknown>('Error', '__proto__', 'constructor', 'DOMException', 5),
  name: odd,
  message: odd,
  stack: odd,
  props: fc.oneof(odd, fc.array(fc.tuple(fc.constantFrom('__proto__', 'constructor', 'polluted'), odd))),
  cause: odd,
  errors: odd,
})
const payload = fc.oneof(odd, text, encoded)
const form = fc.oneof(fc.constantFrom<unknown>(Wire.RAW, Wire.JSON_TEXT, Wire.ERROR, 3, -1), odd)
const hole = fc.oneof(
  fc.tuple(
    fc.constantFrom<unknown>([], {}, new Map(), new Set(), null, 'text'),
    fc.oneof(text, odd),
    odd,
    ids,
  ),
  odd,
)
const rich = fc.tuple(
  fc.oneof(fc.array(odd, { maxLength: 3 }), odd),
  fc.oneof(fc.array(hole, { maxLength: 3 }), odd),
)

const tags = (from: number, to: number, without: number[]) =>
  Array.from({ length: to - from + 1 }, (_, i) => from + i).filter((tag) => !without.includes(tag))

/** An op with the right number of slots, and anything in them. */
function op(without: number[]): fc.Arbitrary<unknown[]> {
  const asking = fc.constantFrom(...tags(Wire.START, Wire.NOTHING, without))
  const other = fc.constantFrom(...tags(Wire.RETURN, Wire.LAST, without))
  const target = fc.oneof(ids, text, fc.constantFrom<unknown>(-3, -2, 5, '-3'))
  return fc.oneof(
    fc.tuple(other, ids, fc.oneof(form, text), payload),
    fc
      .tuple(asking, ids, target, fc.array(odd, { maxLength: 3 }))
      .map(([a, b, c, args]) => [a, b, c, args.length, ...args]),
    fc.tuple(asking, ids, target, fc.constant(Wire.JSON_ARGS), fc.oneof(text, odd)),
    fc.tuple(asking, ids, target, rich).map(([a, b, c, args]) => [a, b, c, Wire.RICH_ARGS, ...args]),
    fc.tuple(fc.oneof(asking, other, fc.constantFrom(0, -1, 2.5, 99, '2', NaN)), ids, odd, odd),
  )
}

const message = (without: number[]) =>
  fc.oneof(
    { weight: 6, arbitrary: fc.array(op(without), { maxLength: 4 }).map((ops) => [TOKEN, ...ops.flat()]) },
    {
      weight: 1,
      arbitrary: fc
        .array(odd, { maxLength: 6 })
        .map((slots) => [TOKEN, ...slots])
        .filter(([, tag]) => !without.includes(tag as number)),
    },
    {
      weight: 1,
      arbitrary: fc
        .tuple(fc.constantFrom<unknown>('bgthread:', 'token', '', null, [TOKEN]), op([]))
        .map(([token, op]) => [token, ...op]),
    },
    { weight: 1, arbitrary: odd },
  )

describe('hostile messages', () => {
  /** Nothing may get out of a connection: not as an exception, not as a rejection, not as a report. */
  function watchErrors(): unknown[] {
    const errors = watchReports()
    const listen = (error: unknown) => errors.push(error)
    process.on('uncaughtException', listen)
    process.on('unhandledRejection', listen)
    onTestFinished(() => {
      process.off('uncaughtException', listen)
      process.off('unhandledRejection', listen)
    })
    return errors
  }

  const prototypes = [Object.prototype, Array.prototype, Function.prototype, Error.prototype, Map.prototype]
  const ownKeys = () => prototypes.map((prototype) => Reflect.ownKeys(prototype).length)

  /** Calls both ways that wait, and a stream, before; then whether all of them are as they were. */
  async function withstand(to: 'thread' | 'page', messages: unknown[]) {
    const app = new App()
    const pair: Pair = await connect(app)
    const { page, proxy, forge } = pair
    // What is pending has numbers that no message below hits.
    for (const { asker } of [pair.page, pair.thread]) for (let i = 0; i < 123_456; i++) asker.nextId()
    for (let i = 0; i < 12_345; i++) {
      page.callbacks.add(() => {}, -1)
      page.callbacks.releaseOwner(-1)
    }
    const settled: string[] = []
    let open!: (value: string) => void
    const gate = new Promise<string>((resolve) => (open = resolve))
    const asked = vi.fn(() => gate)
    const call = page.asker.call('wait', [asked])
    call.then(
      () => settled.push('call'),
      () => settled.push('call failed'),
    )
    const seen: unknown[] = []
    page.asker.call('watch', []).subscribe({
      next: (value) => seen.push(value),
      error: () => settled.push('stream failed'),
      complete: () => settled.push('stream complete'),
    })
    await vi.waitFor(() => expect([asked.mock.calls.length, seen]).toEqual([1, [0]]))

    for (const message of messages) forge[to](message)
    await turn()
    expect(await proxy.alive?.()).toBe('alive')
    await turn()
    expect(settled).toEqual([])
    expect(asked).toHaveBeenCalledOnce()
    expect(app.reached).toEqual([])

    open('answer')
    expect(await call).toBe('answer')
    app.count.set(77)
    expect(await proxy.still?.()).toBe('still')
    expect(seen.at(-1)).toBe(77)
    expect(settled).toEqual(['call'])
    pair.close()
  }

  it.each<['thread' | 'page', number[]]>([
    // What the page may really ask, whatever the ids: to end the logic, and to rename or give up calls of its own.
    ['thread', [Wire.CLOSE]],
    ['page', []],
  ])(
    'more than 10,000 to the %s settle nothing, reach nothing, pollute nothing and raise nothing',
    async (to, without) => {
      const errors = watchErrors()
      const before = ownKeys()
      let sent = 0
      await fc.assert(
        fc.asyncProperty(fc.array(message(without), { maxLength: 400, size: 'max' }), async (messages) => {
          sent += messages.length
          await withstand(to, messages)
        }),
        { numRuns: 75 },
      )
      expect(sent).toBeGreaterThan(10_000)
      await turn()
      expect(errors).toEqual([])
      expect(ownKeys()).toEqual(before)
      expect('polluted' in {}).toBe(false)
    },
    60_000,
  )

  it('a second start is none: the logic and its state stay', async () => {
    const made = vi.fn()
    class Once {
      n = 0
      constructor() {
        made()
      }
      add() {
        return ++this.n
      }
    }
    const { proxy, forge } = await connect(Once)
    expect(await proxy.add?.()).toBe(1)
    forge.thread([TOKEN, Wire.START, 99, { name: 'x', epoch: 1, buffer: 1 }, 0])
    expect(await proxy.add?.()).toBe(2)
    expect(made).toHaveBeenCalledOnce()
  })

  it('a malformed end of a stream does not leave its reader waiting for ever', async () => {
    const app = new App()
    const { page, forge, proxy } = await connect(app)
    const seen: unknown[] = []
    page.asker.call('watch', []).subscribe({ next: (value) => seen.push(value), error: () => {} })
    await vi.waitFor(() => expect(seen).toEqual([0]))
    for (let id = 0; id < 10; id++) forge.page([TOKEN, Wire.FAIL, id, Wire.ERROR, null])
    await turn()
    await proxy.add?.(5)
    expect(seen).toEqual([0, 5])
  })

  it('are counted', async () => {
    const { page, forge } = await connect(new App())
    for (const hostile of [
      'text',
      null,
      ['token', Wire.RETURN, 2, 0, 0],
      [TOKEN, 99, 0, 0, 0],
      [TOKEN, Wire.RETURN, 99, 0, 0],
    ])
      forge.page(hostile)
    await vi.waitFor(() => expect(page.stats.ignored).toBe(5))
  })

  it('without the token nothing is called', async () => {
    const app = new App()
    const { forge, proxy } = await connect(app)
    const add = [Wire.NAME, 7, 'add', 0, Wire.CALL, 50, 7, 1, 5]
    for (const token of ['bgthread:', `${TOKEN} `, null, [TOKEN], undefined]) forge.thread([token, ...add])
    forge.thread(add)
    await proxy.alive?.()
    expect(app.count.get()).toBe(0)
    forge.thread([TOKEN, ...add])
    await proxy.alive?.()
    expect(app.count.get()).toBe(5)
  })

  it.each<[string, unknown[]]>([
    ['an object that has a length', [Wire.JSON_ARGS, '{"length":1}']],
    ['a number', [Wire.JSON_ARGS, '5']],
    ['no text', [Wire.JSON_ARGS, {}]],
    ['rich, and no list', [Wire.RICH_ARGS, { length: 1 }, []]],
  ])('arguments that are %s call nothing', async (_, args) => {
    const app = new App()
    const { forge, proxy } = await connect(app)
    forge.thread([TOKEN, Wire.NAME, 7, 'add', 0, Wire.CALL, 50, 7, ...args])
    await proxy.alive?.()
    expect(app.count.get()).toBe(0)
  })

  it('a message is dropped from its first malformed op on, and taken up to it', async () => {
    const app = new App()
    const { forge, proxy } = await connect(app)
    forge.thread([
      TOKEN,
      Wire.NAME,
      0,
      'add',
      0,
      Wire.CALL,
      50,
      0,
      1,
      5,
      Wire.CALL,
      51,
      0,
      99,
      7,
      Wire.CALL,
      52,
      0,
      1,
      7,
    ])
    await proxy.alive?.()
    expect(app.count.get()).toBe(5)
  })
})
