import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import fc from 'fast-check'
import { serialize } from 'node:v8'
import * as errors from '../../src/core/errors.js'
import * as Wire from '../../src/core/protocol.js'
import { realm } from '../../src/core/realm.js'
import { decode, decodeError, encodeError, isError, postError, registerError } from '../../src/core/thrown.js'
import { make, recipes, shapeOf } from './shape'

/** To the other side, as it would go: first whole, and if something in it cannot be cloned, without that. */
function cross<E extends Error>(error: E): E {
  let copy: unknown
  postError(error, (encoded) => (copy = structuredClone(encoded)))
  return decodeError(copy as never) as E
}

class QuotaError extends Error {
  static made = 0
  readonly unit = 'rows'
  constructor(readonly limit: number) {
    super(`quota of ${limit} exceeded`)
    QuotaError.made++
  }
  get half() {
    return this.limit / 2
  }
}
class DiskQuotaError extends QuotaError {}

afterEach(() => realm.errors.clear())

describe('an error that crosses', () => {
  const builtins = [Error, TypeError, RangeError, SyntaxError, ReferenceError, URIError, EvalError]
  it.each(builtins)('$name is its class, message and stack', (ErrorClass) => {
    const error = new ErrorClass('broken')
    const arrived = cross(error)
    expect(arrived.constructor).toBe(ErrorClass)
    expect(arrived).toBeInstanceOf(ErrorClass)
    expect(arrived.message).toBe('broken')
    expect(arrived.stack).toBe(error.stack)
    expect(String(arrived)).toBe(String(error))
    expect(Object.keys(arrived)).toEqual([])
    expect(isError(arrived)).toBe(true)
  })

  it.each([
    new errors.ThreadError('LIMIT', 'm'),
    new errors.ThreadStartError('m', { code: 'START_TIMEOUT', cause: new TypeError('c') }),
    new errors.ThreadDiedError('m', 'not-sent', 'RESTARTED'),
    new errors.ThreadClosedError('m'),
    new errors.ActionNotFoundError('todos', 'ad', 'add'),
    new errors.NotCloneableError('m', 'args[0]'),
    new errors.LimitError('m'),
    new errors.ThreadTimeoutError('m', 'unknown'),
  ])('$name of the library keeps its class and code', (error) => {
    const arrived = cross(error)
    expect(arrived.constructor).toBe(error.constructor)
    expect(arrived).toEqual(error)
    expect({ ...arrived }).toEqual({ ...error })
    expect(arrived.name).toBe(error.name)
  })

  const classes = Object.values(errors).filter(
    (value) => (value as { prototype?: unknown }).prototype instanceof Error,
  )
  it.each(classes)('every error class of the library is known to the other side: $name', (value) => {
    const ErrorClass = value as new (...args: string[]) => Error
    expect(cross(new ErrorClass('m', 'unknown')).constructor).toBe(ErrorClass)
  })

  it('a DOMException is a DOMException of that name', () => {
    const arrived = cross(new DOMException('stopped', 'AbortError'))
    expect(arrived).toBeInstanceOf(DOMException)
    expect([arrived.name, arrived.message, arrived.code]).toEqual([
      'AbortError',
      'stopped',
      DOMException.ABORT_ERR,
    ])
  })

  it("the platform's own DOMException keeps its name", () => {
    let thrown: unknown
    try {
      structuredClone(() => {})
    } catch (error) {
      thrown = error
    }
    expect(cross(thrown as Error).name).toBe('DataCloneError')
  })

  it.each(['CompileError', 'LinkError', 'RuntimeError'] as const)('WebAssembly.%s is its class', (name) => {
    const arrived = cross(Object.assign(new WebAssembly[name]('bad module'), { offset: 5 }))
    expect(Object.getPrototypeOf(arrived)).toBe(WebAssembly[name].prototype)
    expect(arrived).toMatchObject({ name, message: 'bad module', offset: 5 })
  })

  describe('of a class that this platform has, and no list of ours', () => {
    /** As Chromium has it. */
    class QuotaExceededError extends DOMException {
      readonly #quota: number
      constructor(message: string, { quota }: { quota: number }) {
        super(message, 'QuotaExceededError')
        this.#quota = quota
      }
      get quota() {
        return this.#quota
      }
    }
    class SuppressedError extends Error {
      constructor(error: unknown, suppressed: unknown, message: string) {
        super(message)
        Object.defineProperty(this, 'error', { value: error })
        Object.defineProperty(this, 'suppressed', { value: suppressed })
      }
    }
    SuppressedError.prototype.name = 'SuppressedError'
    beforeEach(() => {
      for (const it of [QuotaExceededError, SuppressedError])
        if (!(it.name in globalThis)) vi.stubGlobal(it.name, it)
    })
    afterEach(() => void vi.unstubAllGlobals())

    it('a DOMException keeps the fields that are getters of its class', () => {
      const error = new QuotaExceededError('full', { quota: 5 })
      vi.stubGlobal('QuotaExceededError', QuotaExceededError)
      const arrived = cross(Object.assign(error, { file: 'a.txt' }))
      expect(Object.getPrototypeOf(arrived)).toBe(QuotaExceededError.prototype)
      expect(arrived).toBeInstanceOf(DOMException)
      expect(arrived).toMatchObject({
        name: 'QuotaExceededError',
        message: 'full',
        quota: 5,
        file: 'a.txt',
        code: error.code,
      })
      class FileQuotaError extends QuotaExceededError {}
      const nearest = cross(new FileQuotaError('full', { quota: 6 }))
      expect(Object.getPrototypeOf(nearest)).toBe(QuotaExceededError.prototype)
      expect(nearest.quota).toBe(6)
    })

    it('an Error keeps the errors that it holds', () => {
      vi.stubGlobal('SuppressedError', SuppressedError)
      const error = new SuppressedError(new RangeError('a'), new TypeError('b'), 'both')
      const arrived = cross(error) as unknown as { error: Error; suppressed: Error; name: string }
      expect(arrived).toBeInstanceOf(SuppressedError)
      expect([arrived.error, arrived.suppressed]).toEqual([new RangeError('a'), new TypeError('b')])
      expect(arrived.error).toBeInstanceOf(RangeError)
    })

    it('the other side does not have it: the error keeps its name', () => {
      vi.stubGlobal('QuotaExceededError', QuotaExceededError)
      const encoded = structuredClone(encodeError(new QuotaExceededError('full', { quota: 5 })))
      vi.unstubAllGlobals()
      vi.stubGlobal('QuotaExceededError', undefined)
      expect(decodeError(encoded)).toMatchObject({ name: 'QuotaExceededError', message: 'full', quota: 5 })
    })
  })

  it('a registered subclass of DOMException is a DOMException, too', () => {
    class LockError extends DOMException {
      constructor(readonly lock: string) {
        super('taken', 'InvalidStateError')
      }
    }
    registerError({ LockError })
    const arrived = cross(new LockError('a'))
    expect(arrived).toBeInstanceOf(LockError)
    expect(arrived).toMatchObject({
      name: 'InvalidStateError',
      message: 'taken',
      lock: 'a',
      code: DOMException.INVALID_STATE_ERR,
    })
  })

  it('a DOMException keeps what was added to it', () => {
    const arrived = cross(
      Object.assign(new DOMException('stopped', 'AbortError'), { cause: new RangeError('r'), at: 5 }),
    )
    expect(arrived).toMatchObject({ name: 'AbortError', at: 5, cause: new RangeError('r') })
  })

  it('an AggregateError keeps its errors, and values among them that are no errors', () => {
    const inner = new RangeError('a')
    const arrived = cross(new AggregateError([inner, 'text', undefined, { a: 1 }], 'all failed'))
    expect(arrived.constructor).toBe(AggregateError)
    expect(arrived.errors).toEqual([inner, 'text', undefined, { a: 1 }])
    expect(arrived.errors[0]).toBeInstanceOf(RangeError)
  })

  it('causes come along, whatever they are', () => {
    const error = new Error('top', { cause: new TypeError('middle', { cause: { code: 7 } }) })
    const arrived = cross(error)
    expect(arrived.cause).toBeInstanceOf(TypeError)
    expect((arrived.cause as Error).cause).toEqual({ code: 7 })
    for (const cause of [0, null, undefined, false, ''])
      expect(cross(new Error('e', { cause }))).toSatisfy((e: Error) => 'cause' in e && e.cause === cause)
    expect('cause' in cross(new Error('e'))).toBe(false)
  })

  it.each([
    ['a cause that is the error itself', (e: AggregateError) => (e.cause = e)],
    ['errors that hold the error itself', (e: AggregateError) => e.errors.push(e, e, e)],
    [
      'a cause and errors that lead back',
      (e: AggregateError) => {
        e.cause = new AggregateError([e, e], 'inner', { cause: e })
        e.errors.push(e.cause, e.cause)
      },
    ],
  ])('ends %s', (_, close) => {
    const error = new AggregateError([], 'cyclic')
    close(error)
    const arrived = cross(error)
    expect(arrived.message).toBe('cyclic')
    expect(serialize(encodeError(error)).length).toBeLessThan(200_000)
    const leads = [arrived.cause, ...arrived.errors].filter(Boolean) as AggregateError[]
    expect(leads.every((it) => it === arrived || (it.cause === arrived && it.errors[1] === arrived))).toBe(
      true,
    )
  })

  it('ends a chain of causes that is too long', () => {
    let error = new Error('0')
    for (let i = 1; i < 10_000; i++) error = new Error(String(i), { cause: error })
    let arrived: Error | undefined = cross(error)
    let length = 0
    for (; arrived; arrived = arrived.cause as Error | undefined) length++
    expect(length).toBeGreaterThan(10)
    expect(length).toBeLessThan(20)
  })

  it('keeps own properties, and a name that was given to it', () => {
    const error = Object.assign(new TypeError('e'), {
      code: 'E_FULL',
      status: 507,
      details: { at: [1, new Date(5)] },
    })
    error.name = 'FullError'
    const arrived = cross(error)
    expect(arrived).toBeInstanceOf(TypeError)
    expect({ ...arrived, name: arrived.name }).toEqual({ ...error, name: 'FullError' })
    expect(Object.keys(arrived)).toEqual(['code', 'status', 'details'])
  })

  it('keeps own errors that are no list', () => {
    const errors = { email: ['taken'] }
    expect(cross(Object.assign(new Error('invalid'), { errors })).errors).toEqual(errors)
  })

  it('takes no property for the name, message, stack or cause: only texts become these', () => {
    const encoded = encodeError(new Error('said'))
    for (const key of ['name', 'message', 'stack', 'cause'])
      encoded.props.push([key, { value: new Array<unknown>(1e9) }])
    const error = decodeError(structuredClone(encoded))
    expect([error.name, error.message, typeof error.stack]).toEqual(['Error', 'said', 'string'])
    expect('cause' in error).toBe(false)
  })

  it('keeps own properties of hostile names as what they are: names', () => {
    const error = new Error('e')
    for (const name of ['__proto__', 'constructor', 'toString'])
      Object.defineProperty(error, name, { value: { polluted: true }, enumerable: true })
    const arrived = cross(error)
    expect(Object.getPrototypeOf(arrived)).toBe(Error.prototype)
    expect(Object.keys(arrived)).toEqual(['__proto__', 'constructor', 'toString'])
    expect('polluted' in {}).toBe(false)
  })

  it('leaves out own properties and causes that cannot be cloned, and only those', () => {
    const error = Object.assign(new Error('e', { cause: () => {} }), {
      socket: () => {},
      code: 5,
      deep: [Symbol('s')],
    })
    const arrived = cross(Object.assign(error, { errors: [() => {}, 1] }))
    expect(Object.entries(arrived)).toEqual([
      ['code', 5],
      ['deep', [undefined]],
      ['errors', [undefined, 1]],
    ])
    expect(arrived.cause).toBeUndefined()
    expect((arrived as unknown as AggregateError).errors).toEqual([undefined, 1])
  })

  it('a frozen error crosses, and stays as it was', () => {
    const error = Object.freeze(Object.assign(new RangeError('e'), { code: 1 }))
    const { stack } = error
    expect(cross(error)).toEqual(error)
    expect(error.stack).toBe(stack)
  })

  it('an error whose properties throw when they are read crosses without them', () => {
    const error = new Error('e')
    const hostile = {
      enumerable: true,
      get: () => {
        throw new Error('read')
      },
    }
    for (const key of ['code', 'cause', 'errors']) Object.defineProperty(error, key, hostile)
    const arrived = cross(Object.assign(error, { status: 1 }))
    expect([arrived.message, Object.entries(arrived)]).toEqual(['e', [['status', 1]]])
    for (const key of ['name', 'message', 'stack']) Object.defineProperty(error, key, hostile)
    expect(isError(cross(error))).toBe(true)
  })

  it('an error without a stack, or with an odd name and message, crosses', () => {
    const error = Object.assign(new Error('e'), { name: Symbol('n'), stack: 5 })
    Object.defineProperty(error, 'message', { value: { toString: () => 'odd' } })
    const arrived = cross(error as unknown as Error)
    expect([arrived.name, arrived.message]).toEqual(['Symbol(n)', 'odd'])
  })

  it('whatever own data an error has arrives with it', () => {
    fc.assert(
      fc.property(recipes(['date', 'bytes'], ['map', 'set', 'again']), (recipe) => {
        const data = make(recipe)
        const error = Object.assign(new Error('e', { cause: data }), { data })
        const arrived = cross(error)
        expect(shapeOf([arrived.data, arrived.cause])).toBe(shapeOf(structuredClone([data, data])))
      }),
      { numRuns: 2_000 },
    )
  })
})

describe('registerError', () => {
  it('makes instances arrive as that class, without running its constructor again', () => {
    registerError({ QuotaError })
    const error = new QuotaError(3)
    const { made } = QuotaError
    const arrived = cross(error)
    expect(arrived).toBeInstanceOf(QuotaError)
    expect([arrived.limit, arrived.unit, arrived.half]).toEqual([3, 'rows', 1.5])
    expect(arrived.message).toBe('quota of 3 exceeded')
    expect(QuotaError.made).toBe(made)
  })

  it('a subclass that is not registered arrives as the nearest class that is', () => {
    registerError({ QuotaError })
    expect(Object.getPrototypeOf(cross(new DiskQuotaError(3)))).toBe(QuotaError.prototype)
    registerError({ DiskQuotaError })
    expect(Object.getPrototypeOf(cross(new DiskQuotaError(3)))).toBe(DiskQuotaError.prototype)
    expect(Object.getPrototypeOf(cross(new QuotaError(3)))).toBe(QuotaError.prototype)
  })

  it('the key names the class on the wire, not its own name', () => {
    registerError({ quota: QuotaError })
    expect(encodeError(new QuotaError(1)).type).toBe('quota')
    expect(encodeError(new DiskQuotaError(1)).type).toBe('quota')
  })

  it('an error that is registered nowhere arrives as its nearest built-in class', () => {
    class ParseError extends SyntaxError {
      override name = 'ParseError'
      line = 4
    }
    const arrived = cross(new ParseError('here'))
    expect(Object.getPrototypeOf(arrived)).toBe(SyntaxError.prototype)
    expect([arrived.name, arrived.line]).toEqual(['ParseError', 4])
  })

  it.each([[null], [{}], ['QuotaError'], [() => new Error('no class')]])('refuses %s', (value) => {
    expect(() => registerError({ QuotaError: value as never })).toThrow(
      "registerError: 'QuotaError' is no class",
    )
  })
})

describe('decodeError', () => {
  const plain = { name: 'Error', message: 'm', stack: 's', props: [] }

  it.each([
    '__proto__',
    'constructor',
    'prototype',
    'toString',
    'Object',
    'Function',
    '',
    'globalThis',
    'Proxy',
    'WebAssembly',
    'Module',
    'Promise',
    'decodeError',
    'hostile',
  ])('a forged type %s is a plain Error', (type) => {
    const read = vi.fn(() => TypeError)
    Object.defineProperty(globalThis, 'hostile', { get: read, configurable: true })
    expect(Object.getPrototypeOf(decodeError({ ...plain, type }))).toBe(Error.prototype)
    expect(read).not.toHaveBeenCalled()
  })

  it('runs no constructor of the class that a type names', () => {
    const made = vi.fn()
    class Effect extends Error {
      constructor() {
        super()
        made()
      }
    }
    vi.stubGlobal('Effect', Effect)
    expect(decodeError({ ...plain, type: 'Effect' })).toBeInstanceOf(Error)
    expect(made).not.toHaveBeenCalled()
    vi.unstubAllGlobals()
  })

  it('a forged encoding gives an error, or throws, and pollutes nothing', () => {
    const before = Object.getOwnPropertyNames(Object.prototype).length
    const part = fc.oneof(
      fc.constantFrom<unknown>('Error', 'TypeError', 'DOMException', '__proto__', 'AbortError'),
      fc.anything(),
    )
    const prop = fc.oneof(fc.tuple(fc.constantFrom('__proto__', 'constructor', 'stack', 'a'), part), part)
    const forged = fc.record(
      {
        type: part,
        name: part,
        message: part,
        stack: part,
        props: fc.array(prop),
        cause: part,
        errors: fc.array(part),
        inside: fc.oneof(fc.array(fc.oneof(fc.tuple(part, part, fc.constant(0), part), part)), part),
      },
      { requiredKeys: ['props'] },
    )
    fc.assert(
      fc.property(fc.oneof(forged, fc.anything()), (encoded) => {
        let decoded: unknown
        try {
          decoded = decodeError(encoded as never)
        } catch (error) {
          decoded = error
        }
        expect(isError(decoded)).toBe(true)
        expect(({} as { polluted?: unknown }).polluted).toBeUndefined()
      }),
      { numRuns: 2_000 },
    )
    expect(Object.getOwnPropertyNames(Object.prototype).length).toBe(before)
    expect(Error.prototype.constructor).toBe(Error)
    expect(Object.keys(Error.prototype)).toEqual([])
  })
})

describe('decode', () => {
  it('takes a value as its form says', () => {
    expect(decode(Wire.RAW, '[1]')).toBe('[1]')
    expect(decode(Wire.RAW, undefined)).toBe(undefined)
    expect(decode(Wire.JSON_TEXT, '[1]')).toEqual([1])
    expect(decode(Wire.ERROR, encodeError(new RangeError('e')))).toEqual(new RangeError('e'))
  })
})

describe('isError', () => {
  it('knows errors, and nothing else', () => {
    expect([new Error('e'), new DOMException('e'), new QuotaError(1)].every(isError)).toBe(true)
    expect([{ name: 'Error', message: 'e', stack: '' }, 'Error', null, undefined].some(isError)).toBe(false)
  })
})
