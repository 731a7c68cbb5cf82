import {
  attach,
  bgThread,
  type AttachedThread,
  type HostOf,
  type LogicOf,
  type Remote,
  type RemoteStream,
  type Thread,
  type ThreadArgs,
  type ThreadContext,
  type ThreadOptions,
  type ThreadRest,
  type ThreadStats,
  type ThreadStatus,
} from 'bgthread'
import { state, type State } from 'bgthread/worker'
import { describe, expectTypeOf, test } from 'vitest'
import { createSearch, Search } from './fixtures/search'
import type TodoApp from './fixtures/todo-app'
import type { Todo } from './fixtures/todo-app'

/** What `import TodoWorker from './todo.worker?worker&inline'` gives. */
declare const TodoWorker: new (options?: { name?: string }) => Worker

abstract class Abstract {
  abstract find(words: string): string[]
}

describe('what a load gives', () => {
  test('a module gives its default export', () => {
    const thread = bgThread(() => import('./fixtures/todo-app'), { name: 'todos', args: ['ada'] })
    expectTypeOf(thread).toEqualTypeOf<Thread<TodoApp>>()
    expectTypeOf(thread.proxy.add).toEqualTypeOf<(title: string) => Promise<Todo>>()
    expectTypeOf(thread.proxy.watchTodos).toEqualTypeOf<() => RemoteStream<Todo[]>>()
    expectTypeOf(thread.proxy.watchTodo).toEqualTypeOf<(id: number) => RemoteStream<Todo>>()
  })

  test('a named class is taken by then', () => {
    const thread = bgThread(() => import('./fixtures/search').then((m) => m.Search))
    expectTypeOf(thread).toEqualTypeOf<Thread<Search>>()
    expectTypeOf(bgThread(() => import('./fixtures/search').then(({ Search }) => Search))).toEqualTypeOf<
      Thread<Search>
    >()
    expectTypeOf(bgThread(async () => (await import('./fixtures/search')).Search)).toEqualTypeOf<
      Thread<Search>
    >()
  })

  test('a factory gives what it returns, or what it promises', () => {
    const later = bgThread(() => import('./fixtures/search').then((m) => m.createSearch), { args: ['en'] })
    expectTypeOf(later).toEqualTypeOf<Thread<Search>>()
    expectTypeOf(bgThread(async () => () => new Search())).toEqualTypeOf<Thread<Search>>()
    const plain = bgThread(async () => () => ({ sum: (a: number, b: number) => a + b }))
    expectTypeOf(plain.proxy.sum).toEqualTypeOf<(a: number, b: number) => Promise<number>>()
  })

  test('with a worker the type argument is the class or its instance', () => {
    expectTypeOf(bgThread<TodoApp>(() => new TodoWorker(), { args: ['ada'] })).toEqualTypeOf<
      Thread<TodoApp>
    >()
    expectTypeOf(
      bgThread<typeof TodoApp>(({ name }) => new TodoWorker({ name }), { args: ['ada'] }),
    ).toEqualTypeOf<Thread<TodoApp>>()
    expectTypeOf(bgThread<typeof createSearch>(() => new TodoWorker(), { args: ['en'] })).toEqualTypeOf<
      Thread<Search>
    >()
  })

  test('a worker without a type argument has no methods, and the error says what to write', () => {
    const thread = bgThread(() => new TodoWorker())
    expectTypeOf<keyof typeof thread.proxy>().toEqualTypeOf<never>()
    expectTypeOf<LogicOf<never>>().toEqualTypeOf<{
      'give the class as type argument: bgThread<typeof TodoApp>(() => new TodoWorker())': never
    }>()
    // @ts-expect-error the type of the logic is not known
    void thread.proxy.add
  })

  test('an untyped module stays untyped', () => {
    const thread = bgThread(async () => JSON.parse(''), { args: [1, 'two'] })
    expectTypeOf(thread.proxy.anything).returns.toBeAny()
  })

  test('a load gives a promise or a worker', () => {
    // @ts-expect-error a class is no load
    bgThread(Search)
    // @ts-expect-error a load gives a promise
    bgThread(() => Search)
  })

  test('a module without a default export, or an instance, is an error', () => {
    // @ts-expect-error no default export
    bgThread(() => import('./fixtures/search'))
    // @ts-expect-error an instance is made in the thread
    bgThread(async () => new Search())
    // @ts-expect-error an abstract class has no instances
    bgThread(async () => Abstract)
  })
})

describe('args', () => {
  test('are the parameters of the constructor, with their names', () => {
    expectTypeOf<ThreadArgs<typeof TodoApp>>().toEqualTypeOf<[owner: string]>()
    expectTypeOf<ThreadArgs<{ default: typeof TodoApp }>>().toEqualTypeOf<[owner: string]>()
    expectTypeOf<ThreadArgs<typeof Search>>().toEqualTypeOf<[limit?: number | undefined]>()
  })

  test('are the parameters of a factory after the context', () => {
    expectTypeOf<ThreadArgs<typeof createSearch>>().toEqualTypeOf<
      [language: string, limit?: number | undefined]
    >()
    expectTypeOf<ThreadArgs<() => Search>>().toEqualTypeOf<[]>()
    expectTypeOf<ThreadArgs<(context: ThreadContext) => Search>>().toEqualTypeOf<[]>()
    expectTypeOf<ThreadArgs<(context: ThreadContext, ...words: string[]) => Search>>().toEqualTypeOf<
      string[]
    >()
    expectTypeOf<ThreadArgs<(context?: ThreadContext, limit?: number) => Search>>().toEqualTypeOf<
      [limit?: number | undefined]
    >()
    expectTypeOf<ThreadArgs<(context: { signal: AbortSignal }, a: string) => Search>>().toEqualTypeOf<
      [a: string]
    >()
    expectTypeOf<ThreadArgs<(context: unknown, a: string) => Search>>().toEqualTypeOf<[a: string]>()
  })

  test('of a factory that forgot the context cannot be given, and the error says why', () => {
    // @ts-expect-error the first parameter of a factory is the context
    bgThread(async () => (language: string) => new Search(language.length), { args: ['en'] })
    // @ts-expect-error the first parameter of a factory is the context
    bgThread(async () => (language: string) => new Search(language.length))
  })

  test('of an overloaded constructor are those of its last signature', () => {
    class Two {
      constructor(path: string)
      constructor(port: number, host: string)
      constructor(
        readonly where: string | number,
        readonly host?: string,
      ) {}
    }
    expectTypeOf<ThreadArgs<typeof Two>>().toEqualTypeOf<[port: number, host: string]>()
  })

  test('are anything where only the instance is known', () => {
    expectTypeOf<ThreadArgs<TodoApp>>().toEqualTypeOf<unknown[]>()
    bgThread<TodoApp>(() => new TodoWorker())
  })

  test('are required where there are required parameters', () => {
    // @ts-expect-error args are missing
    bgThread(() => import('./fixtures/todo-app'))
    // @ts-expect-error args are missing
    bgThread(() => import('./fixtures/todo-app'), {})
    // @ts-expect-error args are missing
    bgThread(() => import('./fixtures/todo-app'), { name: 'todos' })
    // @ts-expect-error args are missing
    bgThread<typeof TodoApp>(() => new TodoWorker(), {})
    // @ts-expect-error a factory's argument is missing
    bgThread(async () => createSearch)
    expectTypeOf<ThreadRest<typeof TodoApp>>().toEqualTypeOf<[options: ThreadOptions<[owner: string]>]>()
  })

  test('may be left out where there are none required', () => {
    bgThread(async () => Search)
    bgThread(async () => Search, {})
    bgThread(async () => Search, { args: [] })
    bgThread(async () => Search, { args: [3] })
    expectTypeOf<ThreadRest<typeof Search>>().toEqualTypeOf<[options?: ThreadOptions<[limit?: number]>]>()
  })

  test('of a wrong type or number are errors', () => {
    // @ts-expect-error a number is no owner
    bgThread(() => import('./fixtures/todo-app'), { args: [1] })
    // @ts-expect-error two are too many
    bgThread(() => import('./fixtures/todo-app'), { args: ['ada', 'bob'] })
    // @ts-expect-error none is too few
    bgThread(() => import('./fixtures/todo-app'), { args: [] })
    // @ts-expect-error a string is no limit
    bgThread(async () => Search, { args: ['3'] })
  })

  test('may be read-only', () => {
    const args = ['ada'] as const
    bgThread(() => import('./fixtures/todo-app'), { args })
  })
})

describe('the other options', () => {
  test('have their types', () => {
    bgThread(async () => Search, {
      name: 'search',
      startTimeout: 5_000,
      onError: (error) => expectTypeOf(error).toBeUnknown(),
      fallback: () => import('./fixtures/todo-app'),
      trustedTypesPolicy: 'bgthread',
      server: 'in-process',
      linger: 0,
      buffer: 1_024,
    })
    expectTypeOf<keyof ThreadOptions>().toEqualTypeOf<
      | 'args'
      | 'name'
      | 'host'
      | 'shared'
      | 'inline'
      | 'startTimeout'
      | 'callTimeout'
      | 'restart'
      | 'heartbeat'
      | 'onHang'
      | 'limits'
      | 'onError'
      | 'fallback'
      | 'trustedTypesPolicy'
      | 'server'
      | 'linger'
      | 'buffer'
    >()
  })

  test('of a wrong name or type are errors', () => {
    // @ts-expect-error no such option
    bgThread(async () => Search, { nmae: 'search' })
    // @ts-expect-error no such server
    bgThread(async () => Search, { server: 'on' })
    // @ts-expect-error a fallback is a load, not a module
    bgThread(async () => Search, { fallback: import('./fixtures/todo-app') })
    // @ts-expect-error milliseconds are a number
    bgThread(async () => Search, { startTimeout: '5s' })
  })
})

describe('Thread', () => {
  const thread = bgThread(async () => Search)

  test('has its parts', () => {
    expectTypeOf(thread.proxy).toEqualTypeOf<Remote<Search>>()
    expectTypeOf(thread.name).toEqualTypeOf<string>()
    expectTypeOf(thread.ready).toEqualTypeOf<Promise<void>>()
    expectTypeOf(thread.status).toEqualTypeOf<RemoteStream<ThreadStatus>>()
    expectTypeOf(thread.close).toEqualTypeOf<(options?: { timeout?: number }) => Promise<void>>()
    expectTypeOf(thread.terminate).toEqualTypeOf<() => void>()
    expectTypeOf(thread.stats).toEqualTypeOf<() => ThreadStats>()
    expectTypeOf<ThreadStats[keyof ThreadStats]>().toEqualTypeOf<number>()
  })

  test('closes at the end of a scope, where the compiler knows how', () => {
    expectTypeOf(thread).toExtend<AsyncDisposable>()
    expectTypeOf(thread[Symbol.asyncDispose]).toEqualTypeOf<() => Promise<void>>()
  })

  test('is a thread of nothing known to whoever needs no methods', () => {
    expectTypeOf(thread).toExtend<Thread<unknown>>()
    expectTypeOf(thread).toExtend<Thread<{ find(words: string): string[] }>>()
    expectTypeOf(thread).not.toExtend<Thread<{ find(words: number): string[] }>>()
    expectTypeOf(thread).not.toExtend<Thread<TodoApp>>()
  })

  test('cannot be changed', () => {
    // @ts-expect-error read-only
    thread.name = 'other'
    // @ts-expect-error read-only
    thread.proxy.find = async () => []
  })
})

describe('host', () => {
  interface Host {
    confirm(text: string): Promise<boolean>
    theme(): State<string>
  }
  class Wants {
    onStart(_context: ThreadContext<Host>) {}
    ask() {}
  }
  const make = (_context: ThreadContext<Host>, owner: string) => ({ owner: () => owner })
  const host = { confirm: () => true, theme: () => state('dark') }

  test('is required where the logic declares it, by onStart or by its factory', () => {
    bgThread(async () => Wants, { host })
    bgThread(async () => make, { host, args: ['ada'] })
    // @ts-expect-error a class that declares its host needs one
    bgThread(async () => Wants)
    // @ts-expect-error so does a factory
    bgThread(async () => make, { args: ['ada'] })
    // @ts-expect-error a service is missing
    bgThread(async () => Wants, { host: { confirm: () => true } })
    // @ts-expect-error a service gives something else
    bgThread(async () => Wants, { host: { ...host, confirm: () => 'yes' } })
  })

  test('has parameters that are known where it is written', () => {
    bgThread(async () => Wants, {
      host: {
        ...host,
        confirm(text) {
          expectTypeOf(text).toEqualTypeOf<string>()
          return true
        },
      },
    })
  })

  test('is free where the logic declares none', () => {
    bgThread(async () => Search, { host })
    bgThread(async () => Search)
  })

  test('is a Remote in the thread', () => {
    expectTypeOf<ThreadContext<Host>['host']>().toEqualTypeOf<Remote<Host>>()
    expectTypeOf<ThreadContext<Host>['host']['theme']>().returns.toEqualTypeOf<RemoteStream<string>>()
    expectTypeOf<HostOf<typeof Wants>>().toEqualTypeOf<Host>()
  })
})

describe('attach', () => {
  test('gives a thread that cannot be restarted by its client', () => {
    const attached = attach<Search>(new MessageChannel().port1, { name: 'search', linger: 0 })
    expectTypeOf(attached.proxy).toEqualTypeOf<Remote<Search>>()
    expectTypeOf(attached).toEqualTypeOf<AttachedThread<Search>>()
    expectTypeOf(attached).not.toHaveProperty('restart')
  })
})
