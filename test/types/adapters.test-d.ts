import type { Remote, RemoteStream, StreamStatus } from 'bgthread'
import {
  type ActionState,
  type BgAction,
  type BgStore,
  bgAction,
  bgStore,
  type RuneReadable,
} from 'bgthread/svelte'
import { type BgRef, type ReadonlyRef, useBgAction, useBgRef } from 'bgthread/vue'
import { derived, type Readable } from 'svelte/store'
import { describe, expectTypeOf, test } from 'vitest'
import { unref, type UnwrapRef } from 'vue'

interface Todo {
  id: number
  title: string
}

interface Logic {
  add(title: string, done?: boolean): Todo
  clear(): Promise<void>
  convert(value: string): number
  convert(value: number): string
  watchTodos(): AsyncIterable<Todo[]>
  watchTodo(id: number): AsyncIterable<Todo>
  watchSome(words?: string): AsyncIterable<Todo[]>
  watchChosen(): AsyncIterable<Todo | null>
}

declare const proxy: Remote<Logic>
declare const stream: RemoteStream<Todo[]>

describe('bgStore', () => {
  test('is what the stream gives, where there is an initial value', () => {
    expectTypeOf(bgStore(proxy.watchTodos, { initial: [] })).toEqualTypeOf<BgStore<Todo[]>>()
    expectTypeOf(bgStore(proxy.watchTodos(), { initial: [], keepPrevious: true })).toEqualTypeOf<
      BgStore<Todo[]>
    >()
    expectTypeOf(bgStore(() => proxy.watchSome('milk'), { initial: [] })).toEqualTypeOf<BgStore<Todo[]>>()
    expectTypeOf(bgStore(proxy.watchChosen, { initial: null })).toEqualTypeOf<BgStore<Todo | null>>()
    expectTypeOf(bgStore<Todo | null>(() => proxy.watchTodo(1), { initial: null })).toEqualTypeOf<
      BgStore<Todo | null>
    >()
  })

  test('may be undefined without one', () => {
    expectTypeOf(bgStore(proxy.watchTodos)).toEqualTypeOf<BgStore<Todo[] | undefined>>()
    expectTypeOf(bgStore(proxy.watchSome)).toEqualTypeOf<BgStore<Todo[] | undefined>>()
    expectTypeOf(bgStore(stream, { keepPrevious: true })).toEqualTypeOf<BgStore<Todo[] | undefined>>()
    expectTypeOf(bgStore(() => proxy.watchTodo(1), { initial: undefined })).toEqualTypeOf<
      BgStore<Todo | undefined>
    >()
  })

  test('is a Svelte store, and so are its error and status', () => {
    const todos = bgStore(proxy.watchTodos, { initial: [] })
    expectTypeOf(todos).toExtend<Readable<Todo[]>>()
    expectTypeOf(todos.current).toEqualTypeOf<Todo[]>()
    expectTypeOf(todos.error).toEqualTypeOf<RuneReadable<unknown>>()
    expectTypeOf(todos.status).toEqualTypeOf<RuneReadable<StreamStatus>>()
    expectTypeOf(derived(todos, (list) => list.length)).toEqualTypeOf<Readable<number>>()
    expectTypeOf(todos).not.toHaveProperty('set')
  })

  test('takes no other initial value, no method that needs arguments, and no action', () => {
    // @ts-expect-error a Todo[] is no string
    bgStore(proxy.watchTodos, { initial: 'none' })
    // @ts-expect-error the rows have a title
    bgStore(proxy.watchTodos, { initial: [{ id: 1 }] })
    // @ts-expect-error which todo?
    bgStore(proxy.watchTodo)
    // @ts-expect-error adding is no stream
    bgStore(proxy.add)
    // @ts-expect-error clearing is no stream
    bgStore(proxy.clear)
    // @ts-expect-error an option that does not exist
    bgStore(proxy.watchTodos, { initial: [], linger: 1 })
    // @ts-expect-error only the library writes
    bgStore(proxy.watchTodos).current = []
  })
})

describe('useBgRef', () => {
  test('is what the stream gives, where there is an initial value', () => {
    expectTypeOf(useBgRef(proxy.watchTodos, { initial: [] })).toEqualTypeOf<BgRef<Todo[]>>()
    expectTypeOf(useBgRef(proxy.watchTodos(), { initial: [], keepPrevious: true })).toEqualTypeOf<
      BgRef<Todo[]>
    >()
    expectTypeOf(useBgRef(() => proxy.watchSome('milk'), { initial: [] })).toEqualTypeOf<BgRef<Todo[]>>()
    expectTypeOf(useBgRef<Todo | null>(() => proxy.watchTodo(1), { initial: null })).toEqualTypeOf<
      BgRef<Todo | null>
    >()
  })

  test('may be undefined without one', () => {
    expectTypeOf(useBgRef(proxy.watchTodos)).toEqualTypeOf<BgRef<Todo[] | undefined>>()
    expectTypeOf(useBgRef(stream, { keepPrevious: true })).toEqualTypeOf<BgRef<Todo[] | undefined>>()
  })

  test('is a ref that nobody else writes, and so are its error and status', () => {
    const todos = useBgRef(proxy.watchTodos, { initial: [] })
    expectTypeOf(todos.value).toEqualTypeOf<Todo[]>()
    expectTypeOf(unref(todos)).toEqualTypeOf<Todo[]>()
    expectTypeOf<UnwrapRef<typeof todos>>().toEqualTypeOf<Todo[]>()
    expectTypeOf(todos.error).toEqualTypeOf<ReadonlyRef<unknown>>()
    expectTypeOf(todos.status).toEqualTypeOf<ReadonlyRef<StreamStatus>>()
    // @ts-expect-error only the library writes
    todos.value = []
    // @ts-expect-error only the library writes
    todos.status.value = 'live'
  })

  test('takes no other initial value, no method that needs arguments, and no action', () => {
    // @ts-expect-error a Todo[] is no string
    useBgRef(proxy.watchTodos, { initial: 'none' })
    // @ts-expect-error which todo?
    useBgRef(proxy.watchTodo)
    // @ts-expect-error adding is no stream
    useBgRef(proxy.add)
  })
})

describe('actions', () => {
  test('bgAction is called as the method is, and is a store of what became of it', () => {
    const add = bgAction(proxy.add)
    expectTypeOf(add).toEqualTypeOf<BgAction<(title: string, done?: boolean) => Promise<Todo>>>()
    expectTypeOf(add).parameters.toEqualTypeOf<[title: string, done?: boolean]>()
    expectTypeOf(add).returns.toEqualTypeOf<Promise<Todo>>()
    expectTypeOf(add).toExtend<Readable<ActionState<Todo>>>()
    expectTypeOf(add.current).toEqualTypeOf<ActionState<Todo>>()
    expectTypeOf(add.current.result).toEqualTypeOf<Todo | undefined>()
    expectTypeOf(add.cancel).toEqualTypeOf<() => void>()
    expectTypeOf(bgAction(proxy.clear).current.result).toEqualTypeOf<void | undefined>()
  })

  test('useBgAction has a function that is called as the method is, and refs of what became of it', () => {
    const { run, pending, error, result, cancel } = useBgAction(proxy.add)
    expectTypeOf(run).toEqualTypeOf<(title: string, done?: boolean) => Promise<Todo>>()
    expectTypeOf(pending).toEqualTypeOf<ReadonlyRef<boolean>>()
    expectTypeOf(error).toEqualTypeOf<ReadonlyRef<unknown>>()
    expectTypeOf(result).toEqualTypeOf<ReadonlyRef<Todo | undefined>>()
    expectTypeOf(cancel).toEqualTypeOf<() => void>()
  })

  test('overloads stay', () => {
    const convert = bgAction(proxy.convert)
    expectTypeOf(convert('1')).toEqualTypeOf<Promise<number>>()
    expectTypeOf(convert(1)).toEqualTypeOf<Promise<string>>()
    expectTypeOf(useBgAction(proxy.convert).run('1')).toEqualTypeOf<Promise<number>>()
  })

  test('wrong arguments and streams are errors', () => {
    const add = bgAction(proxy.add)
    // @ts-expect-error what is to be added?
    void add()
    // @ts-expect-error a title is no number
    void add(1)
    // @ts-expect-error a title is no number
    void useBgAction(proxy.add).run(1)
    // @ts-expect-error a stream is no action
    bgAction(proxy.watchTodos)
    // @ts-expect-error a stream is no action
    useBgAction(proxy.watchTodos)
  })
})
