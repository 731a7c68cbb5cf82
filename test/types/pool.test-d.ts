import {
  bgCompute,
  bgPool,
  type ComputeArgs,
  type ComputeResult,
  type MapOptions,
  type Pool,
  type PoolOptions,
  type PoolRest,
  type PoolStats,
  type Remote,
  type RemoteStream,
  type ThreadStats,
} from 'bgthread'
import { describe, expectTypeOf, test } from 'vitest'
import type { Search } from './fixtures/search'
import type TodoApp from './fixtures/todo-app'

declare const ParseWorker: new () => Worker
declare function parse(text: string, options?: { strict?: boolean }): { rows: number }[]
declare function load(url: string, onProgress: (fraction: number) => Promise<void>): Promise<Uint8Array>
declare function count(to: number): AsyncGenerator<number>
declare function later(): Promise<AsyncGenerator<string> | undefined>
declare function over(a: string): string
declare function over(a: number, b: number): number

describe('bgPool', () => {
  test('is typed like bgThread, from its load and its args', () => {
    const pool = bgPool(() => import('./fixtures/todo-app'), { size: 2, name: 'todos', args: ['ada'] })
    expectTypeOf(pool).toEqualTypeOf<Pool<TodoApp>>()
    expectTypeOf(pool.proxy).toEqualTypeOf<Remote<TodoApp>>()
    expectTypeOf(bgPool(() => import('./fixtures/search').then((m) => m.Search))).toEqualTypeOf<
      Pool<Search>
    >()
    // @ts-expect-error -- the constructor requires its owner
    bgPool(() => import('./fixtures/todo-app'))
    // @ts-expect-error -- which is a text
    bgPool(() => import('./fixtures/todo-app'), { args: [1] })
    // @ts-expect-error -- a slip
    bgPool(() => import('./fixtures/search').then((m) => m.Search), { sice: 2 })
  })

  test('has options of its own, besides those of a thread', () => {
    expectTypeOf<PoolOptions['size']>().toEqualTypeOf<number | undefined>()
    expectTypeOf<PoolOptions['idleTimeout']>().toEqualTypeOf<number | undefined>()
    expectTypeOf<PoolOptions['concurrency']>().toEqualTypeOf<number | undefined>()
    expectTypeOf<PoolOptions['onError']>().toEqualTypeOf<((error: unknown) => void) | undefined>()
    expectTypeOf<PoolRest<typeof Search>>().toEqualTypeOf<[options?: PoolOptions<[limit?: number]>]>()
    expectTypeOf<PoolStats>().toExtend<ThreadStats>()
  })

  test('maps items to results, by a method of the proxy or by any function', () => {
    const pool = {} as Pool<{ parse: typeof parse; load: typeof load }>
    expectTypeOf(pool.map(['a'], pool.proxy.parse)).toEqualTypeOf<Promise<{ rows: number }[][]>>()
    expectTypeOf(pool.map(new Set([1]), async (n) => n > 0)).toEqualTypeOf<Promise<boolean[]>>()
    expectTypeOf(pool.map(count(3), (n) => `${n}`)).toEqualTypeOf<Promise<string[]>>()
    expectTypeOf(pool.map<string, number>)
      .parameter(2)
      .toEqualTypeOf<MapOptions | undefined>()
    // @ts-expect-error -- the items are no texts
    void pool.map([1], pool.proxy.parse)
    // @ts-expect-error -- the method needs more than the item
    void pool.map(['a'], pool.proxy.load)
  })
})

describe('bgCompute', () => {
  test('takes what the function takes, and gives what it gives', () => {
    expectTypeOf(bgCompute(async () => parse, 'text')).toEqualTypeOf<Promise<{ rows: number }[]>>()
    expectTypeOf(bgCompute(async () => parse, 'text', { strict: true })).toEqualTypeOf<
      Promise<{ rows: number }[]>
    >()
    expectTypeOf(
      bgCompute(
        async () => load,
        '/a',
        () => {},
      ),
    ).toEqualTypeOf<Promise<Uint8Array>>()
    expectTypeOf(bgCompute(async () => ({ default: parse }), 'text')).toEqualTypeOf<
      Promise<{ rows: number }[]>
    >()
    expectTypeOf(bgCompute(async () => over, 1, 2)).toEqualTypeOf<Promise<number>>()
  })

  test('is told its function by the load alone, whatever the result is wanted for', () => {
    const load = async () => ({ parse })
    const rows: Promise<{ rows: number }[]> = bgCompute(() => load().then((m) => m.parse), 'text')
    const open = (): PromiseLike<unknown> => bgCompute(() => load().then((m) => m.parse), 'text')
    void [rows, open]
    // @ts-expect-error -- it gives rows
    const text: Promise<string> = bgCompute(() => load().then((m) => m.parse), 'text')
    void text
  })

  test('refuses other arguments, and what is no function', () => {
    // @ts-expect-error -- no text
    void bgCompute(async () => parse)
    // @ts-expect-error -- a number is no text
    void bgCompute(async () => parse, 1)
    // @ts-expect-error -- one too many
    void bgCompute(async () => parse, 'text', {}, 3)
    // @ts-expect-error -- a class is for bgThread
    void bgCompute(() => import('./fixtures/todo-app'), 'ada')
    // @ts-expect-error -- no function at all
    void bgCompute(async () => 7)
  })

  test('is a stream where the function gives one', () => {
    expectTypeOf(bgCompute(async () => count, 3)).toEqualTypeOf<RemoteStream<number>>()
    expectTypeOf(bgCompute(async () => later)).toEqualTypeOf<Promise<RemoteStream<string> | undefined>>()
  })

  test('with a worker the type argument is the function', () => {
    expectTypeOf(bgCompute<typeof parse>(() => new ParseWorker(), 'text')).toEqualTypeOf<
      Promise<{ rows: number }[]>
    >()
    // @ts-expect-error -- says to give it
    void bgCompute(() => new ParseWorker(), 'text')
  })

  test('of any, takes and gives any', () => {
    type Any = ReturnType<typeof JSON.parse>
    expectTypeOf<ComputeArgs<Any>>().toEqualTypeOf<Any[]>()
    expectTypeOf<ComputeResult<Any>>().toEqualTypeOf<Promise<Any>>()
  })
})
