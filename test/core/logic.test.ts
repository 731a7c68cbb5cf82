import { describe, expect, it } from 'vitest'
import { Logic } from '../../src/core/logic.js'
import type { ContextStats, ThreadContext } from '../../src/core/types.js'

const info = { name: 'todos', epoch: 2, buffer: 5 }
const about = () => ({ name: 'todos', epoch: 2, host: {}, stats: () => ({}) as ContextStats })

class App {
  started: ThreadContext | undefined
  stopped = false
  constructor(
    readonly owner?: unknown,
    readonly more?: unknown,
  ) {}
  add() {}
  async onStart(context: ThreadContext) {
    await null
    this.started = context
  }
  onStop() {
    this.stopped = true
  }
}

async function start(exposed: unknown, args: unknown[] = []) {
  const logic = new Logic(exposed)
  await logic.start(info, args, about())
  return logic
}

describe('Logic', () => {
  it('a class is constructed with the arguments, and gets the context in onStart, which is awaited', async () => {
    const { instance, actions } = await start(App, ['ada', { a: 1 }])
    expect(instance).toBeInstanceOf(App)
    const { owner, more, started } = instance as App
    expect([owner, more]).toEqual(['ada', { a: 1 }])
    expect(started).toMatchObject({ name: 'todos', epoch: 2 })
    expect([...actions.keys()]).toEqual(['add'])
  })

  it.each<[string, (...args: unknown[]) => unknown]>([
    [
      'a factory',
      function (...args) {
        return { args, add() {} }
      },
    ],
    ['an arrow factory', (...args) => ({ args, add() {} })],
    ['an async factory', async (...args) => ({ args, add() {} })],
  ])('%s is called with the context, then the arguments', async (_, factory) => {
    const { instance, actions } = await start(factory, ['ada'])
    const [context, ...args] = (instance as { args: [ThreadContext, ...unknown[]] }).args
    expect([context.name, context.epoch, context.signal.aborted, args]).toEqual(['todos', 2, false, ['ada']])
    expect([...actions.keys()]).toEqual(['add'])
  })

  it('an instance is taken as it is, plain or of a class', async () => {
    for (const instance of [new App(), { add() {} }]) expect((await start(instance)).instance).toBe(instance)
  })

  it('a promise of any of these is awaited', async () => {
    expect((await start(Promise.resolve(App))).instance).toBeInstanceOf(App)
    expect((await start(Promise.resolve({ add() {} }))).actions.size).toBe(1)
  })

  it('a missing export says how to name one', async () => {
    await expect(start(undefined)).rejects.toThrow("the logic's module has no such export")
    await expect(start(Promise.resolve(undefined))).rejects.toThrow('give it a default export')
  })

  it.each<[unknown, string]>([
    [null, 'null'],
    [5, 'number'],
    ['text', 'string'],
    [() => undefined, 'undefined'],
    [() => null, 'null'],
    [async () => 5, 'number'],
    [() => () => {}, 'function'],
  ])('%s is no logic', async (exposed, got) => {
    await expect(start(exposed)).rejects.toThrow(
      `the logic must be a class, a function that returns an object, or an object; got ${got}`,
    )
  })

  it.each<[string, unknown]>([
    [
      'the constructor',
      class {
        constructor() {
          throw new RangeError('broken')
        }
      },
    ],
    [
      'the factory',
      () => {
        throw new RangeError('broken')
      },
    ],
    [
      'the async factory',
      async () => {
        throw new RangeError('broken')
      },
    ],
    [
      'onStart',
      class {
        onStart() {
          throw new RangeError('broken')
        }
      },
    ],
    [
      'a later onStart',
      class {
        async onStart() {
          await null
          throw new RangeError('broken')
        }
      },
    ],
  ])('start fails with what %s throws', async (_, exposed) => {
    await expect(start(exposed)).rejects.toEqual(new RangeError('broken'))
  })

  it('start fails with what the module throws', async () => {
    await expect(start(Promise.reject(new RangeError('broken')))).rejects.toEqual(new RangeError('broken'))
  })

  it('a module that fails before anybody starts it raises nothing', async () => {
    const raised: unknown[] = []
    const listen = (reason: unknown) => raised.push(reason)
    process.on('unhandledRejection', listen)
    const logic = new Logic(Promise.reject(new Error('broken')))
    await new Promise((resolve) => setImmediate(resolve))
    process.off('unhandledRejection', listen)
    expect(raised).toEqual([])
    await expect(logic.start(info, [], about())).rejects.toThrow('broken')
  })

  it('abort tells by the signal of the context that the thread is to end, also before the start', async () => {
    const logic = await start(App)
    const { signal } = (logic.instance as App).started as ThreadContext
    logic.abort()
    expect([signal.aborted, (signal.reason as Error).name]).toEqual([true, 'AbortError'])

    const early = new Logic(App)
    early.abort()
    await early.start(info, [], about())
    expect((early.instance as App).started?.signal.aborted).toBe(true)
  })

  it('stop runs onStop where there is one, and fails with what it throws', async () => {
    const logic = await start(App)
    await logic.stop()
    expect((logic.instance as App).stopped).toBe(true)
    await (await start({ add() {} })).stop()
    await expect(
      (
        await start({
          async onStop() {
            throw new RangeError('stop')
          },
        })
      ).stop(),
    ).rejects.toThrow('stop')
  })
})
