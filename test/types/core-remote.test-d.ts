import { describe, expectTypeOf, test } from 'vitest'
import type { Remote, RemoteStream, State, ThreadContext } from 'bgthread'

/** The type of an untyped value, by way of the standard library. */
type Untyped = ReturnType<typeof JSON.parse>

describe('what is in Remote', () => {
  class Base {
    inherited() {
      return 1
    }
  }

  class App extends Base {
    static make() {
      return new App()
    }
    count = 0
    title = 'todos'
    untyped: Untyped
    nothing: undefined
    date = new Date()
    7() {}
    [Symbol.iterator]() {}
    get size() {
      return 1
    }
    action() {}
    protected guarded() {}
    private secret() {}
    #hard() {}
    _internal() {}
    toJSON() {}
    onStart(_context: ThreadContext) {
      this.secret()
      this.#hard()
    }
    onStop() {}
    onConnect() {}
    onDisconnect() {}
    saveState() {}
    restoreState() {}
    onStarted() {}
  }
  const proxy = {} as Remote<App>

  test('only public methods, inherited ones too', () => {
    expectTypeOf<keyof Remote<App>>().toEqualTypeOf<'inherited' | 'action' | 'onStarted'>()
  })

  test('private and protected methods are errors', () => {
    // @ts-expect-error private
    void proxy.secret
    // @ts-expect-error protected
    void proxy.guarded
    // @ts-expect-error begins with _
    void proxy._internal
  })

  test('fields and accessors are errors', () => {
    // @ts-expect-error a field
    void proxy.count
    // @ts-expect-error an accessor
    void proxy.size
    // @ts-expect-error an object, not a method
    void proxy.date
    // @ts-expect-error static
    void proxy.make
  })

  test('hooks of the life cycle are errors', () => {
    // @ts-expect-error a hook
    void proxy.onStart
    // @ts-expect-error a hook
    void proxy.saveState
  })

  test('a proxy is no thenable, whatever its logic is', () => {
    type Thenable = PromiseLike<number> & { action(): void }
    expectTypeOf<keyof Remote<Thenable>>().toEqualTypeOf<'action'>()
  })

  test('a method of an interface that may be missing is there: calling it rejects', () => {
    expectTypeOf<Remote<{ ask?(): number }>['ask']>().toEqualTypeOf<() => Promise<number>>()
  })

  test('a plain object has its functions', () => {
    expectTypeOf<Remote<{ sum: (a: number) => number; base: number }>>().toEqualTypeOf<{
      readonly sum: (a: number) => Promise<number>
    }>()
  })

  test('known limit: a public field that holds a function is shown', () => {
    class Field {
      handler = () => 1
    }
    expectTypeOf<keyof Remote<Field>>().toEqualTypeOf<'handler'>()
  })

  test('of nothing is nothing, of untyped anything', () => {
    expectTypeOf<keyof Remote<unknown>>().toEqualTypeOf<never>()
    expectTypeOf<Remote<Untyped>['anything']>().parameters.toEqualTypeOf<Untyped[]>()
    expectTypeOf<Remote<Untyped>['anything']>().returns.toBeAny()
  })
})

describe('what an action gives', () => {
  type Todo = { id: number }
  type Filter = 'all' | 'open'

  interface App {
    plain(): Todo
    later(): Promise<Todo>
    either(): Todo | Promise<Todo>
    thenable(): PromiseLike<Todo>
    nothing(): void
    nothingLater(): Promise<void>
    never(): never
    neverLater(): Promise<never>
    untyped(): Untyped
    untypedLater(): Promise<Untyped>
    unknown(): unknown
    union(): Filter | null
    flag(): boolean
    optional(): Todo | undefined
    list(): readonly Todo[]
    self(): this
  }

  test('a promise of the result', () => {
    expectTypeOf<Remote<App>['plain']>().toEqualTypeOf<() => Promise<Todo>>()
    expectTypeOf<Remote<App>['list']>().toEqualTypeOf<() => Promise<readonly Todo[]>>()
    expectTypeOf<Remote<App>['union']>().toEqualTypeOf<() => Promise<'all' | 'open' | null>>()
    expectTypeOf<Remote<App>['flag']>().toEqualTypeOf<() => Promise<boolean>>()
    expectTypeOf<Remote<App>['optional']>().toEqualTypeOf<() => Promise<Todo | undefined>>()
    expectTypeOf<Remote<App>['self']>().toEqualTypeOf<() => Promise<App>>()
  })

  test('one promise, also of a method that is async', () => {
    expectTypeOf<Remote<App>['later']>().toEqualTypeOf<() => Promise<Todo>>()
    expectTypeOf<Remote<App>['either']>().toEqualTypeOf<() => Promise<Todo>>()
    expectTypeOf<Remote<App>['thenable']>().toEqualTypeOf<() => Promise<Todo>>()
  })

  test('void, never, any and unknown stay what they are', () => {
    expectTypeOf<Remote<App>['nothing']>().toEqualTypeOf<() => Promise<void>>()
    expectTypeOf<Remote<App>['nothingLater']>().toEqualTypeOf<() => Promise<void>>()
    expectTypeOf<Remote<App>['never']>().toEqualTypeOf<() => Promise<never>>()
    expectTypeOf<Remote<App>['neverLater']>().toEqualTypeOf<() => Promise<never>>()
    expectTypeOf<Remote<App>['untyped']>().toEqualTypeOf<() => Promise<Untyped>>()
    expectTypeOf<Remote<App>['untypedLater']>().toEqualTypeOf<() => Promise<Untyped>>()
    expectTypeOf<Remote<App>['unknown']>().toEqualTypeOf<() => Promise<unknown>>()
  })

  test('a stream where the method gives a source, also among other results', () => {
    interface Streams {
      now(): State<Todo>
      later(): Promise<State<Todo>>
      perhaps(): State<Todo> | undefined
      perhapsLater(): Promise<State<Todo> | null>
      two(): State<Todo> | State<Filter>
    }
    expectTypeOf<Remote<Streams>['now']>().toEqualTypeOf<() => RemoteStream<Todo>>()
    expectTypeOf<Remote<Streams>['later']>().toEqualTypeOf<() => Promise<RemoteStream<Todo>>>()
    expectTypeOf<Remote<Streams>['perhaps']>().toEqualTypeOf<() => Promise<RemoteStream<Todo> | undefined>>()
    expectTypeOf<Remote<Streams>['perhapsLater']>().toEqualTypeOf<() => Promise<RemoteStream<Todo> | null>>()
    expectTypeOf<Remote<Streams>['two']>().toEqualTypeOf<() => RemoteStream<Todo | Filter>>()
  })
})

describe('signatures', () => {
  test('optional and rest parameters are kept, and their names', () => {
    interface App {
      search(words: string, limit?: number, ...tags: string[]): string[]
    }
    expectTypeOf<Remote<App>['search']>().toEqualTypeOf<
      (words: string, limit?: number, ...tags: string[]) => Promise<string[]>
    >()
    const { search } = {} as Remote<App>
    // @ts-expect-error words are missing
    search()
    // @ts-expect-error words are a string
    search(1)
    // @ts-expect-error tags are strings
    search('milk', 1, 2)
  })

  interface Overloaded {
    two(id: number): Date
    two(title: string, all?: boolean): Date[]
    three(id: number): Date
    three(title: string): State<Date>
    three(): Promise<string>
    four(a: 1): 1
    four(a: 2): 2
    four(a: 3): 3
    four(a: 4): 4
    padded(): void
    padded(value?: unknown): unknown
  }
  const proxy = {} as Remote<Overloaded>

  test('two overloads are kept', () => {
    expectTypeOf<Remote<Overloaded>['two']>().toEqualTypeOf<{
      (id: number): Promise<Date>
      (title: string, all?: boolean): Promise<Date[]>
    }>()
    expectTypeOf(proxy.two(1)).toEqualTypeOf<Promise<Date>>()
    expectTypeOf(proxy.two('milk', true)).toEqualTypeOf<Promise<Date[]>>()
    // @ts-expect-error no overload takes both
    proxy.two(1, true)
    expectTypeOf(proxy.padded()).toEqualTypeOf<Promise<void>>()
    expectTypeOf(proxy.padded(1)).toEqualTypeOf<Promise<unknown>>()
  })

  test('three overloads are kept, each with its kind of result', () => {
    expectTypeOf(proxy.three(1)).toEqualTypeOf<Promise<Date>>()
    expectTypeOf(proxy.three('milk')).toEqualTypeOf<RemoteStream<Date>>()
    expectTypeOf(proxy.three()).toEqualTypeOf<Promise<string>>()
  })

  test('known limit: of four overloads the last three are kept', () => {
    expectTypeOf(proxy.four(4)).toEqualTypeOf<Promise<4>>()
    expectTypeOf(proxy.four(2)).toEqualTypeOf<Promise<2>>()
    // @ts-expect-error the first of four
    proxy.four(1)
  })

  test("known limit: a generic method's type parameter becomes its constraint, or unknown", () => {
    interface App {
      same<T>(value: T): T
      first<T extends Date>(...values: T[]): T
    }
    expectTypeOf<Remote<App>['same']>().toEqualTypeOf<(value: unknown) => Promise<unknown>>()
    expectTypeOf<Remote<App>['first']>().toEqualTypeOf<(...values: Date[]) => Promise<Date>>()
  })

  test("a generic logic's type parameter is kept", () => {
    interface Box<V> {
      put(value: V): void
      watch(): State<V>
    }
    expectTypeOf<Remote<Box<Date>>['put']>().toEqualTypeOf<(value: Date) => Promise<void>>()
    expectTypeOf<Remote<Box<Date>>['watch']>().toEqualTypeOf<() => RemoteStream<Date>>()
  })
})
