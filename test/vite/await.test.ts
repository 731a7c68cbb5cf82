/** Logics that await at top level, in circles of imports, and that throw there. */
import { describe, expect, test } from 'vitest'
import bgthread from 'bgthread/vite'
import { buildApp, makeFolder, plainConfig, serveApp, writeApp } from './support/app.js'
import { serveFolder, type Site } from './support/serve.js'
import { openForAll } from './support/suite.js'

/** What the page puts on `window`: each starts the thread of one logic. */
declare global {
  interface Window {
    threads: Record<string, () => Promise<unknown>>
  }
}

const later = (text: string) =>
  `await new Promise((resolve) => setTimeout(resolve, 5, ${JSON.stringify(text)}))`

/** A logic, the other modules of its folder, and what its `give()` gives. */
interface Logic {
  what: string
  files: Record<string, string>
  given: unknown
}

const db = `export const db = ${later('db')}`
const logics: Logic[] = [
  {
    what: 'a circle beside a module that awaits',
    files: {
      'logic.js': `import { db } from './db.js'; import { report } from './report.js'; export const name = 'n'.repeat(2); export default class { give() { return report() + db } }`,
      'db.js': db,
      'report.js': `import { name } from './logic.js'; export const report = () => name`,
    },
    given: 'nndb',
  },
  {
    what: 'a circle through an index file',
    files: {
      'logic.js': `import { db, report } from './index.js'; export const name = 'n'.repeat(2); export default class { give() { return report() + db } }`,
      'index.js': `export * from './db.js'; export * from './report.js'; export { name } from './logic.js'`,
      'db.js': db,
      'report.js': `import { name } from './index.js'; export const report = () => name`,
    },
    given: 'nndb',
  },
  {
    what: 'several circles that share modules',
    files: {
      'logic.js': `import { a } from './a.js'; import { b } from './b.js'; export const one = 1 + Date.length; export default class { give() { return [a(), b(), one] } }`,
      'a.js': `import { b } from './b.js'; import { db } from './db.js'; import { one } from './logic.js'; export const a = () => ['a', db, one, typeof b]`,
      'b.js': `import { a } from './a.js'; import * as all from './logic.js'; export const own = ${later('own')}; export const b = () => ['b', own, all.one, typeof a]`,
      'db.js': `import './b.js'; ${db}`,
    },
    given: [['a', 'db', 8, 'function'], ['b', 'own', 8, 'function'], 8],
  },
  {
    what: 'a module in the circle that awaits itself',
    files: {
      'logic.js': `import { report } from './report.js'; export const name = ${later('name')}; export default class { give() { return report() } }`,
      'report.js': `import { name } from './logic.js'; export const started = ${later('started')}; export const report = () => started + name`,
    },
    given: 'startedname',
  },
  {
    what: 'a module that imports itself',
    files: {
      'logic.js': `import * as self from './logic.js'; export const name = ${later('name')}; export default class { give() { return self.name } }`,
    },
    given: 'name',
  },
  {
    what: 'a circle that a lazy import closes',
    files: {
      'logic.js': `import { db } from './db.js'; import { report } from './report.js'; export const name = 'n'.repeat(2); export default class { async give() { return (await import('./lazy.js')).lazy() + report() + db } }`,
      'db.js': db,
      'report.js': `import { name } from './logic.js'; export const report = () => name`,
      'lazy.js': `import { name } from './logic.js'; import { db } from './db.js'; export const lazy = () => 'lazy ' + name + db + ' '`,
    },
    given: 'lazy nndb nndb',
  },
  {
    what: 'circles that only lazy imports lead to, from two sides',
    files: {
      'logic.js': `export default class { async give() { const [x, y] = await Promise.all([import('./x.js'), import('./y.js')]); return x.x() + y.y() } }`,
      'x.js': `import { y } from './y.js'; export const own = ${later('own x')}; export const x = () => own + typeof y`,
      'y.js': `import { x } from './x.js'; export const own = ${later('own y')}; export const y = () => own + typeof x`,
    },
    given: 'own xfunctionown yfunction',
  },
  {
    what: 'WASM that is compiled at top level, in a circle',
    files: {
      'logic.js': `import { add } from './add.js'; export const forty = () => 40; export default class { give() { return add(2) } }`,
      'add.js': `
        import { forty } from './logic.js'
        const bytes = Uint8Array.from(atob('AGFzbQEAAAABBwFgAn9/AX8DAgEABwcBA2FkZAAACgkBBwAgACABags='), (char) => char.charCodeAt(0))
        const { exports } = await WebAssembly.compile(bytes).then((module) => WebAssembly.instantiate(module))
        export const add = (number) => exports.add(forty(), number)`,
    },
    given: 42,
  },
  {
    what: 'a thread inside it that does the same',
    files: {
      'logic.js': `
        import { bgThread } from 'bgthread'
        import { db } from './db.js'
        import { report } from './report.js'
        export const name = 'n'.repeat(2)
        const inner = bgThread(() => import('./inner.js'))
        export default class { async give() { return report() + db + (await inner.proxy.give()) } }`,
      'db.js': db,
      'report.js': `import { name } from './logic.js'; export const report = () => name`,
      'inner.js': `import { db } from './db.js'; import { word } from './word.js'; export const own = 'o'.repeat(2); export default class { give() { return word() + db } }`,
      'word.js': `import { own } from './inner.js'; export const word = () => own`,
    },
    given: 'nndboodb',
  },
  {
    what: 'an object and a list',
    files: {
      'logic.js': `await { then: (done) => done() }; await [1]; export default class { give() { return 'given' } }`,
    },
    given: 'given',
  },
  {
    what: 'an export that is a promise of the logic',
    files: {
      'logic.js': `export default (async () => { const word = ${later('word')}; return { give: () => word } })()`,
    },
    given: 'word',
  },
]

/** A logic's code, and the message of the failed start. */
const failing: [what: string, files: Record<string, string>, cause: string][] = [
  [
    'before it awaits',
    { 'logic.js': `throw new RangeError('at once'); export default class {}` },
    'RangeError: at once',
  ],
  [
    'after it awaits',
    { 'logic.js': `${later('x')}; null.after; export default class {}` },
    `TypeError: Cannot read properties of null (reading 'after')`,
  ],
  [
    'in a module in a circle',
    {
      'logic.js': `import './db.js'; export const name = 'n'; export default class {}`,
      'db.js': `import { name } from './logic.js'; ${later('x')}; throw new RangeError('in db' + typeof (() => name))`,
    },
    'RangeError: in dbfunction',
  ],
  [
    'in a module that a lazy import shares',
    {
      'logic.js': `import './db.js'; export default class { give() { return import('./lazy.js') } }`,
      'db.js': `export const db = new Date(NaN).toISOString()`,
      'lazy.js': `export * from './db.js'`,
    },
    'RangeError: Invalid time value',
  ],
  [
    'after it awaits, in a module that a lazy import shares',
    {
      'logic.js': `import './db.js'; export default class { give() { return import('./lazy.js') } }`,
      'db.js': `export const db = ${later('x')}; throw new RangeError('in db')`,
      'lazy.js': `export * from './db.js'`,
    },
    'RangeError: in db',
  ],
  ['what is no error', { 'logic.js': `throw 'a text'; export default class {}` }, 'a text'],
  [
    'an await that rejects',
    { 'logic.js': `await Promise.reject(new RangeError('no')); export default class {}` },
    'RangeError: no',
  ],
]

const all = [...logics.map(({ files }) => files), ...failing.map(([, files]) => files)]
const files = {
  'main.ts': `
    import { bgThread } from 'bgthread'
    const loads = [${all.map((_, at) => `() => bgThread(() => import('./${at}/logic.js'), { name: 'x', restart: false, startTimeout: 8000 })`)}]
    const run = async (load) => {
      const thread = load()
      try {
        return await thread.ready.then(() => thread.proxy.give())
      } catch (error) {
        return [error.code, String(error.cause)]
      } finally {
        thread.terminate()
      }
    }
    window.threads = Object.fromEntries(loads.map((load, at) => [at, () => run(load)]))`,
  ...Object.fromEntries(
    all.flatMap((files, at) => Object.entries(files).map(([name, code]) => [`${at}/${name}`, code])),
  ),
}

async function build(inline: boolean, sourcemap: boolean, minify?: false): Promise<Site> {
  const outDir = await makeFolder('dist')
  const config = { ...plainConfig(await writeApp(files)), plugins: [bgthread({ inline })] }
  await buildApp({ ...config, build: { outDir, emptyOutDir: true, sourcemap, minify } })
  return serveFolder(outDir, '/')
}

const ways: [way: string, start: () => Promise<Site>][] = [
  ['a build', () => build(true, false)],
  ['a build with a source map, not minified', () => build(true, true, false)],
  ['a build with inline: false', () => build(false, false)],
  ['development', async () => serveApp({ ...plainConfig(await writeApp(files)), plugins: [bgthread()] })],
]

describe.each(ways)('in %s', (_way, start) => {
  const open = openForAll(start, () => 'threads' in window)
  const run = (at: number) => open.opened.page.evaluate((at) => window.threads[at]!(), at)

  test.each(logics.map((logic, at) => ({ ...logic, at })))(
    'a logic starts whose modules await at top level: $what',
    async ({ given, at }) => {
      expect(await run(at)).toEqual(given)
    },
  )

  test.each(failing.map(([what, , cause], at) => ({ what, cause, at: at + logics.length })))(
    'a logic that throws at top level fails the start with what it threw: $what',
    async ({ cause, at }) => {
      expect(await run(at)).toEqual(['START_FAILED', cause])
    },
  )

  test('nothing is uncaught', () => {
    expect(open.opened.problems).toEqual([])
  })
})
