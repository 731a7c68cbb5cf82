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

  test('is the value of a generator that is not async', () => {
    expectTypeOf<Source<Generator<Todo>>>().toEqualTypeOf<[Todo]>()
    expectTypeOf<Source<Generator<Todo, string, number>>>().toEqualTypeOf<[Todo]>()
    expectTypeOf<Source<Generator<Promise<Todo>>>>().toEqualTypeOf<[Todo]>()
    expectTypeOf<Source<IterableIterator<Todo>>>().toEqualTypeOf<[Todo]>()
    expectTypeOf<Source<ReturnType<Map<string, Todo>['values']>>>().toEqualTypeOf<[Todo]>()
    expectTypeOf<Source<Set<Todo>>>().toEqualTypeOf<never>()
    expectTypeOf<Source<readonly Todo[]>>().toEqualTypeOf<never>()
    expectTypeOf<Source<Uint8Array>>().toEqualTypeOf<never>()
    expectTypeOf<Source<Iterable<Todo>>>().toEqualTypeOf<never>()
  })

  test('is the value of an Observable that takes an observer only', () => {
    interface Loose<T> {
      next?: (value: T) => void
      error?: (error: unknown) => void
      complete?: () => void
    }
    interface Strict<T> {
      next(value: T): void
      error(error: unknown): void
      complete(): void
    }
    interface Subscription {
      unsubscribe(): void
    }
    interface Interop<T> {
      subscribe(observer: Loose<T>): Subscription
      '@@observable'(): Interop<T>
    }
    // most, Redux, wonka's toObservable
    interface Property<T> {
      subscribe: (observer: Strict<T>) => { unsubscribe: () => void }
    }
    // zen-observable, XState
    interface Overloaded<T> {
      subscribe(observer: Loose<T>): Subscription
      subscribe(
        next?: ((value: T) => void) | null,
        error?: (error: unknown) => void,
        complete?: () => void,
      ): Subscription
    }
    interface Reversed<T> {
      subscribe(next: (value: T) => void): Subscription
      subscribe(observer: Strict<T>, options?: { signal: AbortSignal }): Subscription
    }
    // TanStack
    interface Either<T> {
      subscribe(observerOrNext: Loose<T> | ((value: T) => void)): Subscription
      get(): T
    }
    interface Optional<T> {
      subscribe(observer?: Partial<Strict<T>>): Subscription
    }
    expectTypeOf<Source<Interop<Todo>>>().toEqualTypeOf<[Todo]>()
    expectTypeOf<Source<Property<Todo>>>().toEqualTypeOf<[Todo]>()
    expectTypeOf<Source<Overloaded<Todo>>>().toEqualTypeOf<[Todo]>()
    expectTypeOf<Source<Reversed<Todo>>>().toEqualTypeOf<[Todo]>()
    expectTypeOf<Source<Either<Todo>>>().toEqualTypeOf<[Todo]>()
    expectTypeOf<Source<Optional<Todo>>>().toEqualTypeOf<[Todo]>()
    expectTypeOf<Source<Interop<Todo | undefined>>>().toEqualTypeOf<[Todo | undefined]>()
    expectTypeOf<Source<Interop<'a' | 'b'>>>().toEqualTypeOf<['a' | 'b']>()
    expectTypeOf<Source<Interop<unknown>>>().toEqualTypeOf<[unknown]>()
    expectTypeOf<Source<Interop<ReturnType<typeof JSON.parse>>>[0]>().toBeAny()
    expectTypeOf<Source<Interop<Todo> | State<string>>>().toEqualTypeOf<[Todo | string]>()
    expectTypeOf<Source<Interop<Todo> | undefined>>().toEqualTypeOf<never>()
    expectTypeOf<Interop<Todo>>().toExtend<StreamSource<Todo>>()
    expectTypeOf<Property<Todo>>().toExtend<StreamSource<Todo>>()
  })

  test('is the state of a store that tells only that it has changed', () => {
    interface Redux<T> {
      getState(): T
      subscribe(listener: () => void): Unsubscribe
    }
    interface Zustand<T> {
      getState: () => T
      subscribe: (listener: (state: T, before: T) => void) => () => void
    }
    expectTypeOf<Source<Redux<Todo>>>().toEqualTypeOf<[Todo]>()
    expectTypeOf<Source<Zustand<Todo>>>().toEqualTypeOf<[Todo]>()
    expectTypeOf<Source<{ getSnapshot(): Todo; subscribe(f: () => void): void }>>().toEqualTypeOf<[Todo]>()
  })

  test('is never where subscribe means something else', () => {
    expectTypeOf<Source<{ subscribe(mail: string): boolean }>>().toEqualTypeOf<never>()
    expectTypeOf<Source<{ subscribe(options: { topic: string }): boolean }>>().toEqualTypeOf<never>()
    expectTypeOf<Source<{ subscribe(options: { next: boolean }): boolean }>>().toEqualTypeOf<never>()
    expectTypeOf<Source<{ subscribe: boolean }>>().toEqualTypeOf<never>()
    expectTypeOf<Source<{ subscribe(): void }>>().toEqualTypeOf<never>()
  })

  test('is never for everything else', () => {
    expectTypeOf<Source<Todo>>().toEqualTypeOf<never>()
    expectTypeOf<Source<Todo[]>>().toEqualTypeOf<never>()
    expectTypeOf<Source<string>>().toEqualTypeOf<never>()
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
