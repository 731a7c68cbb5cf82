import { PrivateError, QuotaError } from './errors'
import { odd } from './odd'
import { ValuesLogic } from './values.logic'

/** Throws and rejects with everything that can be thrown. */
export class ThrownLogic extends ValuesLogic {
  throwIt(what: string): never {
    const table: Record<string, unknown> = {
      type: new TypeError('wrong type', { cause: new RangeError('deep', { cause: 'deeper' }) }),
      aggregate: new AggregateError([new Error('one'), 'two'], 'several'),
      dom: new DOMException('aborted', 'AbortError'),
      quota: new QuotaError(7, { cause: new QuotaError(8) }),
      private: new PrivateError('hidden'),
      props: Object.assign(new Error('with props'), {
        code: 'E_CODE',
        status: 404,
        details: { a: [1] },
        socket: () => {},
      }),
      nested: Object.assign(new Error('outer'), {
        original: Object.assign(new TypeError('inner'), { code: 'E_INNER' }),
      }),
      undefined: undefined,
      null: null,
      zero: 0,
      empty: '',
      false: false,
      object: { reason: 'plain' },
      function: () => {},
      held: new Error('with an answer', {
        cause: Object.assign(new Error('inner'), { response: { status: 404, data: [1], transform() {} } }),
      }),
      hidden: Object.defineProperty(new Error('hidden'), 'issues', { value: [{ path: ['a'] }] }),
      wasm: Object.assign(new WebAssembly.CompileError('no wasm'), {
        cause: new WebAssembly.LinkError('no import'),
      }),
      'dom subclass': Object.assign(new DOMException('full', 'QuotaExceededError'), { quota: 5 }),
    }
    throw table[what]
  }
  async rejectIt(what: string) {
    await null
    this.throwIt(what)
  }
  throwOdd(what: string): never {
    throw odd(what)
  }
  async askAndTell(ask: () => Promise<unknown>) {
    return ask().then(undefined, (error: Error & { response?: unknown }) => ({
      name: error.name,
      message: error.message,
      response: error.response,
      cause: error.cause,
    }))
  }
  async *watchOdd(what: string) {
    yield 1
    throw odd(what)
  }
  failOddly(what: string) {
    void Promise.reject(odd(what) as Error)
  }
  throwHostile(what: string): never {
    if (what === 'message') throw Object.assign(new Error('x'), { message: Object.create(null) as string })
    if (what === 'name')
      throw Object.assign(new Error('x'), {
        name: {
          toString() {
            throw new Error('hostile')
          },
        },
      })
    const { proxy, revoke } = Proxy.revocable(new Error('p'), {
      ownKeys() {
        throw new Error('hostile')
      },
    })
    if (what === 'revoked') revoke()
    throw proxy
  }
  async rejectHostile(what: string) {
    await null
    this.throwHostile(what)
  }
  failLater() {
    setTimeout(() => {
      throw new RangeError('nobody caught this')
    })
    void Promise.reject(new QuotaError(5))
  }
}
