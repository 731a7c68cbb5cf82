import type { BehaviorSubject, Observable } from 'rxjs'
import type { Readable as SvelteReadable, Writable as SvelteWritable } from 'svelte/store'
import { describe, expectTypeOf, test } from 'vitest'
import type { RemoteStream, Source, State, StreamSource, Unsubscribe } from 'bgthread'

type Todo = { id: number }

describe('Source', () => {
  test('is the value of everything that streams', () => {
    expectTypeOf<Source<State<Todo>>>().toEqualTypeOf<[Todo]>()
    expectTypeOf<Source<AsyncIterable<Todo>>>().toEqualTypeOf<[Todo]>()
    expectTypeOf<Source<AsyncGenerator<Todo, string, number>>>().toEqualTypeOf<[Todo]>()
    expectTypeOf<Source<ReadableStream<Todo>>>().toEqualTypeOf<[Todo]>()
    expectTypeOf<Source<ReadableStream<Uint8Array>>>().toEqualTypeOf<[Uint8Array]>()
    expectTypeOf<Source<RemoteStream<Todo>>>().toEqualTypeOf<[Todo]>()
    expectTypeOf<Source<Observable<Todo>>>().toEqualTypeOf<[Todo]>()
    expectTypeOf<Source<BehaviorSubject<Todo>>>().toEqualTypeOf<[Todo]>()
    expectTypeOf<Source<SvelteReadable<Todo>>>().toEqualTypeOf<[Todo]>()
    expectTypeOf<Source<SvelteWritable<Todo>>>().toEqualTypeOf<[Todo]>()
    expectTypeOf<Source<StreamSource<Todo>>>().toEqualTypeOf<[Todo]>()
  })

  test('is the value of a stream that is known by its reader only', () => {
    type Bare = Pick<ReadableStream<Todo>, 'getReader'>
    expectTypeOf<Source<Bare>>().toEqualTypeOf<[Todo]>()
  })

  test('keeps values that are undefined, unions or any', () => {
    expectTypeOf<Source<State<Todo | undefined>>>().toEqualTypeOf<[Todo | undefined]>()
    expectTypeOf<Source<State<undefined>>>().toEqualTypeOf<[undefined]>()
    expectTypeOf<Source<State<'a' | 'b'>>>().toEqualTypeOf<['a' | 'b']>()
    expectTypeOf<Source<State<boolean>>>().toEqualTypeOf<[boolean]>()
    expectTypeOf<Source<State<unknown>>>().toEqualTypeOf<[unknown]>()
    expectTypeOf<Source<State<ReturnType<typeof JSON.parse>>>[0]>().toBeAny()
  })

  test('is never for everything else', () => {
    expectTypeOf<Source<Todo>>().toEqualTypeOf<never>()
    expectTypeOf<Source<Todo[]>>().toEqualTypeOf<never>()
    expectTypeOf<Source<string>>().toEqualTypeOf<never>()
    expectTypeOf<Source<Generator<Todo>>>().toEqualTypeOf<never>()
    expectTypeOf<Source<Promise<State<Todo>>>>().toEqualTypeOf<never>()
    expectTypeOf<Source<State<Todo> | undefined>>().toEqualTypeOf<never>()
    expectTypeOf<Source<Map<string, Todo>>>().toEqualTypeOf<never>()
    expectTypeOf<Source<object>>().toEqualTypeOf<never>()
    expectTypeOf<Source<unknown>>().toEqualTypeOf<never>()
    expectTypeOf<Source<void>>().toEqualTypeOf<never>()
    expectTypeOf<Source<never>>().toEqualTypeOf<never>()
    expectTypeOf<Source<ReturnType<typeof JSON.parse>>>().toEqualTypeOf<never>()
  })
})

test('StreamSource takes every source of its value, and no other', () => {
  expectTypeOf<State<Todo>>().toExtend<StreamSource<Todo>>()
  expectTypeOf<AsyncGenerator<Todo>>().toExtend<StreamSource<Todo>>()
  expectTypeOf<ReadableStream<Todo>>().toExtend<StreamSource<Todo>>()
  expectTypeOf<Pick<ReadableStream<Todo>, 'getReader'>>().toExtend<StreamSource<Todo>>()
  expectTypeOf<RemoteStream<Todo>>().toExtend<StreamSource<Todo>>()
  expectTypeOf<Observable<Todo>>().toExtend<StreamSource<Todo>>()
  expectTypeOf<SvelteReadable<Todo>>().toExtend<StreamSource<Todo>>()
  expectTypeOf<SvelteWritable<Todo>>().toExtend<StreamSource<Todo>>()
  expectTypeOf<State<string>>().not.toExtend<StreamSource<Todo>>()
  expectTypeOf<SvelteReadable<string>>().not.toExtend<StreamSource<Todo>>()
  expectTypeOf<Promise<Todo>>().not.toExtend<StreamSource<Todo>>()
})

describe('State', () => {
  const todos = {} as State<Todo[]>

  test('gets and sets its value', () => {
    expectTypeOf(todos.get()).toEqualTypeOf<Todo[]>()
    todos.set([{ id: 1 }])
    // @ts-expect-error not its value
    todos.set('milk')
  })

  test('is updated by a new value or in place', () => {
    todos.update((value) => [...value, { id: 1 }])
    todos.update((value) => {
      value.push({ id: 1 })
    })
    // @ts-expect-error push returns a number, which would become the value
    todos.update((value) => value.push({ id: 1 }))
  })

  test('is a store and an async iterable', async () => {
    expectTypeOf(
      todos.subscribe((value) => expectTypeOf(value).toEqualTypeOf<Todo[]>()),
    ).toEqualTypeOf<Unsubscribe>()
    for await (const value of todos) expectTypeOf(value).toEqualTypeOf<Todo[]>()
    expectTypeOf(todos).toExtend<SvelteReadable<Todo[]>>()
  })
})

test('a RemoteStream is a Svelte store', () => {
  expectTypeOf<RemoteStream<Todo>>().toExtend<SvelteReadable<Todo>>()
})
