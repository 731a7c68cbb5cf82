import { parseAst } from 'vite'
import { describe, expect, test } from 'vitest'
import { findCalls } from '../../src/vite/calls.js'

/** What the plugin makes of the first argument of each call in some code. */
const loads = (code: string) =>
  findCalls(parseAst(code)).map(({ load }) =>
    load.kind === 'target' ? `${load.target.specifier} ${load.target.exported}` : load.kind,
  )

const one = (load: string) =>
  loads(`import { bgThread } from 'bgthread'; bgThread(${load}, { name: 'x' })`)[0]

describe('a load', () => {
  test.each([
    [`() => import('./x')`, './x default'],
    ['() => import(`./x`)', './x default'],
    [`() => (import('./x'))`, './x default'],
    [`() => { return import('./x') }`, './x default'],
    [`async () => import('./x')`, './x default'],
    [`async () => await import('./x')`, './x default'],
    [`function () { return import('./x') }`, './x default'],
    [`() => import('./x').then((m) => m.X)`, './x X'],
    [`() => import('./x').then((m) => { return m.X })`, './x X'],
    [`() => import('./x').then((m) => m['X'])`, './x X'],
    [`() => import('./x').then(function (m) { return m.X })`, './x X'],
    [`() => import('./x').then((m) => m.default)`, './x default'],
    [`() => import('./x').then((m) => m)`, './x default'],
    [`() => import('./x').then(({ X }) => X)`, './x X'],
    [`() => import('./x').then(({ other, X: Renamed }) => Renamed)`, './x X'],
    [`async () => (await import('./x')).X`, './x X'],
  ])('%s is seen through', (load, target) => {
    expect(one(load)).toBe(target)
  })

  test.each([
    '() => import(path)',
    '() => import(`./${name}.ts`)',
    `() => import('./' + name).then((m) => m.X)`,
    `() => { const where = './x'; return import(where) }`,
    // What Vite has made of a template with a beginning, when the plugin comes to see it.
    '() => __variableDynamicImportRuntimeHelper(files, `./${name}.ts`, 2)',
  ])('%s has an unknown path', (load) => {
    expect(one(load)).toBe('unknown-path')
  })

  test.each([
    `() => import('./x').then((m) => wrap(m.X))`,
    `() => import('./x').then((m) => m.a.b)`,
    `() => import('./x').then((m) => other.X)`,
    `() => import('./x').then((m) => m.X, recover)`,
    `() => import('./x').catch(recover)`,
    `() => { prepare(); return import('./x') }`,
    `() => (production ? import('./x') : import('./y'))`,
    `function* () { return import('./x') }`,
  ])('%s has an unknown form', (load) => {
    expect(one(load)).toBe('unknown-form')
  })

  test('() => new XWorker() gives a worker', () => {
    expect(one('() => new XWorker()')).toBe('worker')
  })

  test.each(['elsewhere', 'make()', `() => Logic`])('%s is left alone', (load) => {
    expect(one(load)).toBe('other')
  })
})

describe('a thread is shared between tabs', () => {
  /** What the plugin makes of the options of a call, behind which more code may stand. */
  const shared = (options: string, more = '', name = 'bgThread') =>
    findCalls(
      parseAst(`import { ${name} } from 'bgthread'; ${name}(() => import('./x'), ${options}); ${more}`),
    ).map((call) => call.shared)

  test.each([
    ['{ shared: true }', true],
    [`{ name: 'x', 'shared': true }`, true],
    ['{ shared: false, shared: true }', true],
    ['{ ...options, shared: true }', true],
    ['{ shared: false }', false],
    ['{ ...options, shared: false }', false],
    [`{ name: 'x', args: [{ shared: true }] }`, false],
    ['undefined', false],
    ['{ shared: !0 }', 'at-run-time'],
    ['{ shared: many }', 'at-run-time'],
    ['{ shared }', 'at-run-time'],
    ['{ shared() {} }', 'at-run-time'],
    ['options', 'unseen'],
    ['make()', 'unseen'],
    ['{ ...options }', 'unseen'],
    ['{ shared: true, ...options }', 'unseen'],
    ['{ [key]: true }', 'unseen'],
  ])('as far as %s says so', (options, expected) => {
    expect(shared(options)).toEqual([expected])
  })

  test.each([
    ['options', 'const options = { shared: true }', true],
    ['{ ...options }', 'const options = { shared: true }', true],
    ['{ ...options, shared: false }', 'const options = { shared: true }', false],
    ['{ shared }', 'const shared = true', true],
    ['options', 'let options = { shared: true }', 'unseen'],
  ])('as far as %s behind %s says so', (options, more, expected) => {
    expect(shared(options, more)).toEqual([expected])
  })

  test.each(['bgPool', 'bgCompute'])('and never by %s', (name) => {
    expect(shared('{ shared: true }', '', name)).toEqual([false])
    expect(shared('options', '', name)).toEqual([false])
  })
})

describe('a call is found', () => {
  test.each([
    ['of bgThread', `import { bgThread } from 'bgthread'; bgThread(() => import('./x'))`],
    ['of bgPool', `import { bgPool } from 'bgthread'; bgPool(() => import('./x'), { size: 2 })`],
    ['of bgCompute', `import { bgCompute } from 'bgthread'; bgCompute(() => import('./x'), 1, 2)`],
    ['through a renamed import', `import { bgThread as start } from 'bgthread'; start(() => import('./x'))`],
    ['through a string name', `import { 'bgThread' as start } from 'bgthread'; start(() => import('./x'))`],
    ['through a namespace', `import * as bg from 'bgthread'; bg.bgThread(() => import('./x'))`],
    ['above its import', `bgThread(() => import('./x')); import { bgThread } from 'bgthread'`],
    [
      'deep inside a class',
      `import { bgThread } from 'bgthread'
       export default class { static { if (a) { for (const b of c) this.t ??= bgThread(() => import('./x')) } } }`,
    ],
    [
      'with a const load',
      `import { bgThread } from 'bgthread'; const load = () => import('./x'); bgThread(load)`,
    ],
    [
      'with an exported const load, further down',
      `import { bgThread } from 'bgthread'
       export const start = () => bgThread(load)
       export const load = () => import('./x')`,
    ],
    [
      'with a const load of the same function',
      `import { bgThread } from 'bgthread'
       function start() { const load = () => import('./x'); return bgThread(load) }`,
    ],
    [
      'with a function declaration',
      `import { bgThread } from 'bgthread'; bgThread(load); function load() { return import('./x') }`,
    ],
  ])('%s', (_where, code) => {
    expect(loads(code)).toEqual(['./x default'])
  })
})

describe('a call is not taken for one of the library', () => {
  test.each([
    ['from another package', `import { bgThread } from 'other'; bgThread(() => import('./x'))`],
    ['of a global', `bgThread(() => import('./x'))`],
    ['of another export', `import { attach } from 'bgthread'; attach(() => import('./x'))`],
    ['of a method of that name', `import { bgThread } from 'bgthread'; other.bgThread(() => import('./x'))`],
    ['of a default import', `import bgThread from 'bgthread'; bgThread(() => import('./x'))`],
    [
      'of a parameter of that name',
      `import { bgThread } from 'bgthread'; const f = ({ bgThread }) => bgThread(() => import('./x'))`,
    ],
    [
      'of a local variable of that name',
      `import { bgThread } from 'bgthread'; { let bgThread = f; bgThread(() => import('./x')) }`,
    ],
    [
      'of a caught error of that name',
      `import { bgThread } from 'bgthread'; try {} catch (bgThread) { bgThread(() => import('./x')) }`,
    ],
  ])('%s', (_where, code) => {
    expect(loads(code)).toEqual([])
  })

  test('and a load that may change is left alone', () => {
    const start = `import { bgThread } from 'bgthread'; bgThread(load);`
    expect(loads(`${start} let load = () => import('./x')`)).toEqual(['other'])
    expect(loads(`import { bgThread } from 'bgthread'; (load) => bgThread(load)`)).toEqual(['other'])
  })
})
