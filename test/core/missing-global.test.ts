import { describe, expect, it } from 'vitest'
import { explainMissing } from '../../src/core/missing-global.js'

function missing(message: string, stack: string): Error {
  return Object.assign(new ReferenceError(message), { stack })
}

const chromium = (name: string) =>
  missing(
    `${name} is not defined`,
    `ReferenceError: ${name} is not defined\n    at http://localhost:5173/node_modules/.vite/deps/lib.js?v=1a2b:30:5\n    at a`,
  )

describe('a start that fails since a global is missing', () => {
  it.each([
    'document',
    'window',
    'localStorage',
    'HTMLElement',
    'HTMLInputElement',
    'Element',
    'DOMParser',
    'Image',
  ])('names the module that asks for %s, and the ways out', (name) => {
    const text = explainMissing(chromium(name))
    expect(text).toContain(
      ` in /node_modules/.vite/deps/lib.js. A thread has no '${name}', which is a global of pages.`,
    )
    expect(text).toMatch(/core or worker entry.*resolve: \{ conditions: \['worker'.*docs\/libraries\.md/)
    expect(text).toContain(`globalThis.${name}`)
  })

  it.each(['Buffer', 'process', 'global', 'require', '__dirname'])('names Node if it is %s', (name) => {
    expect(explainMissing(chromium(name))).toContain(`'${name}', which is a global of Node`)
  })

  it('names the module in the words of Firefox and WebKit, too', () => {
    expect(
      explainMissing(missing('document is not defined', '@http://localhost/src/a.ts?t=1:3:1\n')),
    ).toContain(' in /src/a.ts. A thread has no')
    expect(
      explainMissing(missing("Can't find variable: document", 'module code@http://localhost/src/a.ts:3:9')),
    ).toContain(' in /src/a.ts. A thread has no')
  })

  it('names the module alone if the name is of neither', () => {
    expect(explainMissing(chromium('todos'))).toBe(' in /node_modules/.vite/deps/lib.js')
  })

  it('names no module if the code is in one piece', () => {
    const text = explainMissing(
      missing('document is not defined', 'ReferenceError: …\n at blob:http://localhost/1a2b:1:2'),
    )
    expect(text).toMatch(/^\. A thread has no 'document'/)
  })

  it.each([new Error('document is not defined'), new ReferenceError('invalid assignment left-hand side')])(
    'is silent about other errors: %s',
    (error) => expect(explainMissing(error)).toBe(''),
  )
})
