import { describe, expect, it } from 'vitest'
import { ref, shallowRef } from 'vue'
import * as Wire from '../../src/core/protocol.js'
import { isPrimitive } from '../../src/core/look.js'
import { say, sayThrown, type Mouth } from '../../src/core/say.js'
import { transfer } from '../../src/core/transfer.js'
import { decode } from '../../src/core/thrown.js'

/** What was put into the batch, and what was posted at once. */
function makeMouth() {
  const put: unknown[][] = []
  const posted: unknown[][] = []
  const mouth: Mouth = {
    put: (...op) => void put.push(op),
    post: (op, transfer) => void posted.push(structuredClone(op, { transfer }) as unknown[]),
  }
  return { mouth, put, posted }
}

describe('say', () => {
  it.each([[undefined], [null], [0], [-0], [NaN], [''], [false], [5n], ['text']])(
    '%s waits in the batch as it is',
    (value) => {
      const { mouth, put, posted } = makeMouth()
      say(mouth, Wire.RETURN, 1, value, 'result', 'todos.add()')
      expect([put, posted]).toEqual([[[Wire.RETURN, 1, Wire.RAW, value]], []])
    },
  )

  it('small plain data waits as text, and what is changed meanwhile does not show', () => {
    const { mouth, put } = makeMouth()
    const list = ['milk']
    say(mouth, Wire.RETURN, 1, list, 'result', 'todos.add()')
    list.push('bread')
    expect(put).toEqual([[Wire.RETURN, 1, Wire.JSON_TEXT, '["milk"]']])
  })

  it.each<[string, object]>([
    ['a Date', new Date(5)],
    ['a list with undefined in it', [undefined]],
    ['a long list', Array.from({ length: 1_000 }, (_, i) => i)],
  ])('%s is posted at once', (_, value) => {
    const { mouth, put, posted } = makeMouth()
    say(mouth, Wire.RETURN, 1, value, 'result', 'todos.add()')
    expect([put, posted]).toEqual([[], [[Wire.RETURN, 1, Wire.RAW, value]]])
  })

  it.each<[string, (bytes: Uint8Array<ArrayBuffer>) => unknown]>([
    ['the value', (bytes) => transfer(bytes, [bytes.buffer])],
    ['a part of it', (bytes) => ({ deep: [transfer(bytes, [bytes.buffer])] })],
    ['what holds it', (bytes) => transfer({ bytes }, [bytes.buffer])],
  ])('what transfer has marked moves: %s', (_, mark) => {
    const { mouth, posted } = makeMouth()
    const bytes = new Uint8Array([7])
    say(mouth, Wire.RETURN, 1, mark(bytes), 'result', 'todos.add()')
    expect(bytes.length).toBe(0)
    expect(JSON.stringify(posted)).toContain('7')
  })

  it('a long path is cut in the middle', () => {
    let deep: unknown = () => {}
    for (let i = 0; i < 300; i++) deep = { value: deep }
    try {
      say(makeMouth().mouth, Wire.RETURN, 1, deep, 'result', 'todos.add()')
      expect.unreachable()
    } catch (error) {
      const { path, message } = error as { path: string; message: string }
      expect(path).toMatch(/^result(\.value)+.*\.\.\..*(\.value)+$/)
      expect(path.length).toBeLessThan(210)
      expect(message).toContain(`${path} cannot be cloned`)
    }
  })

  it.each<[string, unknown]>([
    ['an error without a message', new Error('')],
    ['an empty text', ''],
    ['an object that has no text', Object.create(null)],
    [
      'an error whose message throws',
      Object.defineProperty(new Error(), 'message', {
        get: () => {
          throw new Error()
        },
      }),
    ],
  ])('brackets for the reason are left out where it is empty: %s', (_, thrown) => {
    const bad = Object.defineProperty({}, 'a', {
      enumerable: true,
      get: () => {
        throw thrown
      },
    })
    expect(() => say(makeMouth().mouth, Wire.RETURN, 1, bad, 'result', 'todos.load()')).toThrow(
      /^todos\.load\(\): result\.a cannot be cloned\. Pass plain data/,
    )
  })

  it.each<[string, (value: unknown) => unknown]>([
    ['beside a function', (value) => ({ value, f: () => {} })],
    ['with a function in it', (value) => ({ value: shallowRef({ value, f: () => {} }) })],
  ])('a ref %s is refused with the path', (_, make) => {
    const path = /^todos\.load\(\): result(\.value\.value)?\.f cannot be cloned \(/
    expect(() => say(makeMouth().mouth, Wire.RETURN, 1, make(ref(1)), 'result', 'todos.load()')).toThrow(path)
  })

  it.each<[string, unknown, string]>([
    ['its cause', new TypeError('t', { cause: () => {} }), 'result.cause'],
    [
      'the cause of its cause',
      new Error('1', { cause: new Error('2', { cause: { f() {} } }) }),
      'result.cause.cause.f',
    ],
    ['a signal in its cause', new Error('1', { cause: [AbortSignal.abort()] }), 'result.cause[0]'],
    ['a text of its own', Object.assign(new Error('1', { cause: 1 }), { name: Symbol() }), 'result'],
  ])('an error in a result is refused with the path of what cannot be cloned in it: %s', (_, error, path) => {
    expect(() => say(makeMouth().mouth, Wire.RETURN, 1, error, 'result', 'todos.load()')).toThrow(
      `todos.load(): ${path} cannot be cloned (`,
    )
  })

  it('a signal in a result is refused with its path, also where Node would clone it to an empty object', () => {
    const bad = { rows: Array.from({ length: 1_000 }, () => ({})), signal: new AbortController().signal }
    expect(() => say(makeMouth().mouth, Wire.RETURN, 1, bad, 'result', 'todos.load()')).toThrow(
      'result.signal cannot be cloned',
    )
  })

  it('a mark of transfer is spent when the value has left, and not before', () => {
    const { mouth, posted } = makeMouth()
    const bytes = transfer(new Uint8Array([7]), [])
    transfer(bytes, [bytes.buffer])
    expect(() => say(mouth, Wire.RETURN, 1, { bytes, f: () => {} }, 'result', 'todos.load()')).toThrow(
      'result.f',
    )
    expect(bytes.length).toBe(1)
    say(mouth, Wire.RETURN, 1, { bytes }, 'result', 'todos.load()')
    expect([bytes.length, posted.length]).toEqual([0, 1])
  })

  it('what cannot be cloned is named, with who said it', () => {
    const { mouth, put, posted } = makeMouth()
    const bad = { rows: [1, () => {}] }
    expect(() => say(mouth, Wire.RETURN, 1, bad, 'result', 'todos.load()')).toThrow(
      /^todos\.load\(\): result\.rows\[1\] cannot be cloned \(.+\)\. Pass plain data/,
    )
    expect(() => say(mouth, Wire.RETURN, 1, Symbol('s'), 'result', 'todos.load()')).toThrow(
      'result cannot be cloned',
    )
    expect([put, posted]).toEqual([[], []])
  })
})

describe('sayThrown', () => {
  const thrown = [undefined, null, 0, '', false, 'text', { code: 1 }, new Map([[1, 2]])]
  it.each(thrown.map((value) => [value]))('%s is thrown as it is', (value) => {
    const { mouth, put, posted } = makeMouth()
    sayThrown(mouth, Wire.THROW, 1, value, 'todos.add()')
    const [[, , form, payload]] = [...put, ...posted] as [unknown[]]
    expect(form).not.toBe(Wire.ERROR)
    expect(decode(form, payload)).toEqual(value)
  })

  it('an error is said as an error, without what cannot be cloned in it', () => {
    const { mouth, posted } = makeMouth()
    sayThrown(
      mouth,
      Wire.THROW,
      1,
      Object.assign(new RangeError('e'), { socket: () => {}, code: 1 }),
      'todos.add()',
    )
    const [[, , form, payload]] = posted as [unknown[]]
    expect(decode(form, payload)).toEqual(Object.assign(new RangeError('e'), { code: 1 }))
  })

  it.each([[() => {}], [Symbol('s')], [{ a: () => {} }], [Promise.resolve()]])(
    'something else that cannot be cloned is a NotCloneableError',
    (value) => {
      const { mouth, posted } = makeMouth()
      sayThrown(mouth, Wire.THROW, 1, value, 'todos.add()')
      const [[, , form, payload]] = posted as [unknown[]]
      expect(decode(form, payload)).toMatchObject({
        name: 'NotCloneableError',
        path: expect.stringMatching(/^thrown/) as string,
      })
    },
  )
})

describe('isPrimitive', () => {
  it('is what cannot change and can be cloned', () => {
    expect([undefined, null, 0, '', false, 1n].every(isPrimitive)).toBe(true)
    expect([{}, [], () => {}, Symbol('s')].some(isPrimitive)).toBe(false)
  })
})
