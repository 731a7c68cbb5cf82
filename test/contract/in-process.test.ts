// @vitest-environment happy-dom
/** Promise 10: the same code runs without a worker; same semantics, same clone. */
import { expect, it } from 'vitest'
import { bgThread } from 'bgthread'
import { describeContract } from './contract'

describeContract('in process', (options) => bgThread(() => import('./logic'), options as { args: [] }), {
  worker: false,
})

it('promise 10: a class, a factory and an instance of a factory run in process alike', async () => {
  class Greeter {
    constructor(private greeting: string) {}
    greet(name: string) {
      return `${this.greeting}, ${name}`
    }
  }
  const loads = [
    bgThread(async () => ({ Greeter }).Greeter, { args: ['hello'] }),
    bgThread(async () => (_context: unknown, greeting: string) => new Greeter(greeting), { args: ['hello'] }),
    bgThread(
      async () => async (_context: unknown, greeting: string) => ({
        greet: (name: string) => `${greeting}, ${name}`,
      }),
      { args: ['hello'] },
    ),
  ] as const
  for (const { proxy, close } of loads.map((thread) => ({
    proxy: thread.proxy,
    close: () => thread.close(),
  }))) {
    expect(await proxy.greet('ada')).toBe('hello, ada')
    await close()
  }
})
