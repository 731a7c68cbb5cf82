// @vitest-environment happy-dom
/** Options: each may be left out, each may be undefined, and a number is one. */
import { afterEach, describe, expect, it, onTestFinished, vi } from 'vitest'
import { writable } from 'svelte/store'
import { attach, bgPool, bgThread, type Thread } from 'bgthread'
import { bgAction, bgStore } from 'bgthread/svelte'
import { useBgAction, useBgRef } from 'bgthread/vue'
import { state, stream } from 'bgthread/worker'

class Logic {
  #count = state(1)
  echo(value: unknown) {
    return value
  }
  watch() {
    return stream(this.#count)
  }
  watchStore() {
    return stream(writable(1), undefined)
  }
}
const load = async () => Logic
let threads: { terminate(): void }[] = []
afterEach(() => {
  for (const thread of threads) thread.terminate()
  threads = []
})
const track = <T extends { terminate(): void }>(thread: T): T => {
  threads.push(thread)
  return thread
}

const TIMES = ['startTimeout', 'callTimeout', 'linger', 'restart.within', 'heartbeat.interval']
const COUNTS = ['buffer', 'restart.max', 'heartbeat.limit', 'limits.calls', 'limits.subscriptions']
const nested = (name: string, value: unknown) => {
  const [first, second] = name.split('.') as [string, string?]
  return { [first]: second ? { [second]: value } : value } as object
}
const ways: [string, (options: object) => unknown][] = [
  ['bgThread', (options) => track(bgThread(load, { name: 'a', ...options }))],
  ['bgPool', (options) => track(bgPool(load, { name: 'a', ...options }))],
  [
    'attach',
    (options) => {
      const { port1, port2 } = new MessageChannel()
      onTestFinished(() => {
        port1.close()
        port2.close()
      })
      return track(attach(port1, { name: 'a', ...options }))
    },
  ],
]

it.each([
  ['bgAction', bgAction],
  ['useBgAction', useBgAction],
])('%s refuses a callTimeout that is no number, or too small', (name, make) => {
  const { proxy } = track(bgThread(load))
  for (const callTimeout of [NaN, -1, '5', null, {}, []] as number[])
    expect(() => make(proxy.echo, { callTimeout })).toThrow(
      `${name}(method, options): the option callTimeout must be a number, 0 or more; it is `,
    )
  for (const callTimeout of [0, 1.5, Infinity, undefined]) make(proxy.echo, { callTimeout })
})

describe.each(ways)('%s', (way, make) => {
  // How often it starts again is for those who have the thread.
  const taken = (name: string) => way !== 'attach' || !name.startsWith('restart')
  it.each([...TIMES, ...COUNTS].filter(taken))('refuses %s where it is no number, or too small', (name) => {
    for (const [value, told] of [
      [NaN, 'NaN'],
      [-1, '-1'],
      ['5', 'string'],
      [null, 'object'],
      [{}, 'object'],
    ] as const) {
      const error = new RangeError(
        `${way === 'bgPool' ? 'pool' : 'thread'} 'a': the option ${name} must be a ` +
          `${COUNTS.includes(name) ? 'whole ' : ''}number, 0 or more; it is ${told}`,
      )
      expect(() => make(nested(name, value))).toThrow(error)
    }
  })

  it.each(COUNTS.filter(taken))('refuses a fraction as %s', (name) => {
    expect(() => make(nested(name, 1.5))).toThrow(
      `the option ${name} must be a whole number, 0 or more; it is 1.5`,
    )
  })

  it('takes any time, Infinity for a number, and undefined for each', () => {
    for (const name of TIMES) for (const value of [0, 1.5, Infinity, undefined]) make(nested(name, value))
    for (const name of COUNTS) for (const value of [0, 7, Infinity, undefined]) make(nested(name, value))
  })
})

it.each([
  ['size', [0, 1.5, NaN, -1, '2', null]],
  ['concurrency', [0, 1.5, NaN, -1, '2', null]],
  ['idleTimeout', [-1, NaN, '2', null]],
])('bgPool refuses a wrong %s, and names the pool', (name, values) => {
  for (const value of values)
    expect(() => bgPool(load, { name: 'b', [name]: value })).toThrow(
      new RegExp(`^pool 'b': the option ${name} must be a (whole )?number, [01] or more; it is `),
    )
})

it.each([[NaN], [-1], ['5'], [null]])('an end refuses %s as its time', (timeout) => {
  const options = { timeout: timeout as number }
  const thread = track(bgThread(load, { name: 'a' }))
  const pool = track(bgPool(load, { name: 'b' }))
  const message = /^(thread 'a'|pool 'b'): the option timeout must be a number, 0 or more; it is /
  for (const end of [() => thread.close(options), () => thread.restart(options), () => pool.close(options)])
    expect(end).toThrow(message)
})

it('an option that is undefined is at its default', async () => {
  const all = {
    name: undefined,
    args: undefined,
    host: undefined,
    startTimeout: undefined,
    onError: undefined,
    fallback: undefined,
    trustedTypesPolicy: undefined,
    restart: undefined,
    heartbeat: { interval: undefined, limit: undefined },
    onHang: undefined,
    limits: { calls: undefined, subscriptions: undefined },
    shared: undefined,
    server: undefined,
    linger: undefined,
    buffer: undefined,
  }
  const thread = track(bgThread(load, all))
  expect(thread.name).toBe('bgthread')
  expect(await thread.proxy.echo(1)).toBe(1)
  const client = track(attach<Logic>(thread.connect(), { ...all, limits: undefined }))
  expect(await client.proxy.echo(2)).toBe(2)
  await client.close({ timeout: undefined })
  await thread.restart({ timeout: undefined })
  expect(await thread.proxy.echo(3)).toBe(3)
  await thread.close({ timeout: undefined })

  const again = { restart: { max: undefined, within: undefined } }
  const pool = track(
    bgPool(load, { ...all, ...again, size: undefined, concurrency: undefined, idleTimeout: undefined }),
  )
  expect(pool.name).toBe('bgpool')
  expect(await pool.map([1, 2], pool.proxy.echo, { signal: undefined, onProgress: undefined })).toEqual([
    1, 2,
  ])
  await pool.close({ timeout: undefined })
})

const NO_NUMBERS = [
  ...['name', 'args', 'host', 'onError', 'fallback', 'trustedTypesPolicy', 'restart', 'heartbeat', 'onHang'],
  ...['limits', 'shared', 'inline', 'server'],
]

describe.each(ways)('%s in development', (way, make) => {
  it.each(NO_NUMBERS.filter((name) => way !== 'attach' || name !== 'restart'))(
    'refuses null as %s, and names the option',
    (name) => {
      const whose = `${way === 'bgPool' ? 'pool' : 'thread'} '${name === 'name' ? way.replace(/^(bgThread|attach)$/, 'bgthread').toLowerCase() : 'a'}'`
      expect(() => make({ [name]: null })).toThrow(
        new TypeError(`${whose}: the option ${name} is null; leave it out, or let it be undefined`),
      )
    },
  )
})

describe('in production an option that is null is not given:', () => {
  /** The library as a production build has it. */
  async function inProduction() {
    vi.stubEnv('NODE_ENV', 'production')
    vi.resetModules()
    onTestFinished(() => {
      vi.unstubAllEnvs()
      vi.resetModules()
    })
    const [core, svelte, vue, worker] = await Promise.all([
      import('bgthread'),
      import('bgthread/svelte'),
      import('bgthread/vue'),
      import('bgthread/worker'),
    ])
    return { ...core, ...svelte, ...vue, ...worker }
  }
  const none = <T>() => null as unknown as T
  const nothing = (names: string[]) =>
    Object.fromEntries(names.map((name) => nested(name, null)).flatMap(Object.entries))
  const all = [...NO_NUMBERS, ...TIMES, ...COUNTS].filter((name) => !name.includes('.'))
  const parts = [...TIMES, ...COUNTS].filter((name) => name.includes('.'))

  it.each([
    ['each option', nothing(all)],
    ['each part of one', nothing(parts)],
    ['all options', null],
  ])('%s of a thread, a client and a pool', async (_what, options) => {
    const { attach, bgPool, bgThread } = await inProduction()
    const thread = track(bgThread(load, options as object))
    expect(thread.name).toBe('bgthread')
    expect(await thread.proxy.echo(1)).toBe(1)
    const client = track(attach<Logic>(thread.connect(), options as object))
    expect(await client.proxy.echo(2)).toBe(2)
    await client.close(none())
    await thread.restart({ timeout: none() })
    expect(await thread.proxy.echo(3)).toBe(3)
    await thread.close({ timeout: none() })

    const more = options && { ...options, size: null, concurrency: null, idleTimeout: null }
    const pool = track(bgPool(load, more as object))
    expect(pool.name).toBe('bgpool')
    expect(await pool.map([1, 2], pool.proxy.echo, none())).toEqual([1, 2])
    await pool.close(none())
  })

  it('what an adapter and a stream take', async () => {
    const { bgAction, bgStore, bgThread, stream, useBgAction, useBgRef } = await inProduction()
    const { proxy } = track(bgThread(load))
    for (const options of [none<object>(), { callTimeout: none<number>() }]) {
      expect(await bgAction(proxy.echo, options)(1)).toBe(1)
      expect(await useBgAction(proxy.echo, options).run(2)).toBe(2)
    }
    const read: unknown[] = []
    bgStore(proxy.watch, none()).subscribe((value) => read.push(value))()
    expect([...read, useBgRef(proxy.watch, none()).value]).toEqual([undefined, undefined])
    const source = writable(1)
    expect(stream(source, none())).toBe(source)
  })
})

it('options may be left out everywhere', async () => {
  const thread = track(bgThread(load) as Thread<Logic>)
  const { proxy } = thread
  const seen: unknown[] = []
  for (const source of [proxy.watch, proxy.watchStore]) {
    for await (const value of source()) {
      seen.push(value)
      break
    }
    bgStore(source).subscribe(() => {})()
    expect(useBgRef(source).value).toBeUndefined()
  }
  expect(seen).toEqual([1, 1])
  expect(await bgAction(proxy.echo)(5)).toBe(5)
  const client = track(attach<Logic>(thread.connect()))
  expect(await client.proxy.echo(2)).toBe(2)
  await client.close()
  await thread.restart()
  await thread.close()
  const pool = track(bgPool(load))
  expect(await pool.map([1], pool.proxy.echo)).toEqual([1])
  await pool.close()
  expect(state().get()).toBeUndefined()
  expect(() => stream({} as object)).toThrow('source must be a stream source')
})

it.each([5, true, { toString: () => 'five' }])(
  'a name that is no text is taken as its text: %s',
  async (name) => {
    const thread = track(bgThread(load, { name: name as string }))
    expect(await thread.proxy.echo(1)).toBe(1)
    expect(thread.name).toBe(String(name))
  },
)
