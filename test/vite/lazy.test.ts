import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { type InlineConfig, createLogger } from 'vite'
import { afterEach, describe, expect, test } from 'vitest'
import bgthread, { type BgthreadOptions } from 'bgthread/vite'
import { buildApp, plainConfig, writeApp } from './support/app.js'
import { visit } from './support/browser.js'
import { patient } from './support/patient.js'
import { serveFolder } from './support/serve.js'

let stop: (() => Promise<void>) | undefined
afterEach(() => stop?.())

interface Built extends BgthreadOptions {
  config?: InlineConfig
}

/** Builds an app, and gives the names and texts of its files, and the warnings. */
async function build(files: Record<string, string>, { inline, config = {} }: Built = {}) {
  const root = await writeApp(files)
  const warnings: string[] = []
  const customLogger = { ...createLogger('silent'), warn: (line: string) => void warnings.push(line) }
  const output = await buildApp({
    ...plainConfig(root),
    logLevel: 'warn',
    customLogger,
    plugins: [bgthread({ inline })],
    ...config,
  })
  const texts: Record<string, string> = {}
  for (const { fileName } of output) {
    const name = fileName.replace(/-[\w-]{8}\./, '-HASH.')
    texts[name] = await readFile(join(root, 'dist', fileName), 'utf8')
  }
  return { root, texts, names: Object.keys(texts).sort(), warnings }
}

/** Opens what was built, and gives the names of the scripts that the page and its thread have loaded so far. */
async function open(root: string, base: string) {
  const site = await serveFolder(join(root, 'dist'), base)
  stop = site.close
  const loaded: string[] = []
  const visited = await visit('about:blank')
  visited.page.on('response', (response) => loaded.push(new URL(response.url()).pathname))
  await visited.page.goto(site.url)
  await visited.page.waitForFunction(() => 'tool' in window)
  const scripts = () =>
    loaded
      .filter((path) => path.endsWith('.js'))
      .map((path) => path.replace(/^.*\//, '').replace(/-[\w-]{8}\./, '.'))
      .sort()
  return { ...visited, scripts }
}

const main = (options = '') => `
  import { bgThread } from 'bgthread'
  const { proxy } = bgThread(() => import('./logic')${options && `, ${options}`})
  window.tool = (name) => proxy[name]()`

const app = {
  'main.ts': main(),
  'logic.ts': `
    import { state } from 'bgthread/worker'
    import { shared } from './shared'
    export const starts = (globalThis.starts = (globalThis.starts ?? 0) + 1)
    export default class Logic {
      where() { return 'there' }
      async same() { return (await import('./one')).shared === shared }
      async logic() { return (await import('./one')).Logic === Logic }
      async library() { return (await import('./one')).state === state }
      async both() { return (await import('./one')).both === (await import('./two')).both }
      async asset() { return (await import('./one')).asset() }
      async inner() { return (await import('./two')).inner() }
      async deep() { return (await import('./two')).deep() }
      async commonJs() { return (await import('./common.cjs')).default.word }
      async failed() { return (await import('./one')).fail().catch((error) => error.stack) }
      starts() { return globalThis.starts }
    }`,
  'shared.ts': `export const shared = { a: 1 }`,
  'one.ts': `
    export { shared } from './shared'; export { both } from './both'; export { state } from 'bgthread/worker'
    export { default as Logic } from './logic'
    export const asset = async () => (await fetch(new URL('./note.txt', import.meta.url))).text()
    export const fail = async () => { throw new Error('in a lazy file') }`,
  'two.ts': `
    import { bgThread } from 'bgthread'
    export { both } from './both'
    const thread = bgThread(() => import('./inner'))
    export const inner = () => thread.proxy.where()
    export const deep = () => import('./deep').then(({ deep }) => deep)`,
  'both.ts': `export const both = { b: 1 }`,
  'deep.ts': `import { shared } from './shared'; export const deep = shared.a`,
  'inner.ts': `export default class { async where() { return (await import('./innermost')).word } }`,
  'innermost.ts': `export const word = 'in the thread of a lazy file'`,
  'common.cjs': `exports.word = 'common'`,
  'note.txt': 'a note',
}

const answers: [fact: string, tool: string, answer: unknown][] = [
  ['a module that both need is one', 'same', true],
  ['the logic itself is one', 'logic', true],
  ['the library is one', 'library', true],
  ['a module of two lazy files is one', 'both', true],
  ['a lazy file finds its assets', 'asset', 'a note'],
  ['a lazy file starts a thread, which has lazy files, too', 'inner', 'in the thread of a lazy file'],
  ['a lazy file has lazy files', 'deep', 1],
  ['a lazy file may be CommonJS', 'commonJs', 'common'],
  ['the logic has run once', 'starts', 1],
]

describe.each([
  ['./', '/some/where/', ''],
  ['/', '/', ''],
  ['/deep/base/', '/deep/base/', ''],
  ['./', '/some/where/', '{ shared: true }'],
])(
  'a worker that is a file, base %s, served at %s, options %s',
  { timeout: 60_000 },
  (base, servedAt, options) => {
    test('loads each import() of the logic when it is needed, and every module once', async () => {
      const files = { ...app, 'main.ts': main(options) }
      const assetsInlineLimit = 0
      const { root, texts } = await build(files, {
        inline: false,
        config: { base, build: { assetsInlineLimit } },
      })
      const { page, scripts, problems } = await open(root, servedAt)
      expect(await page.evaluate(() => window.tool('where'))).toBe('there')
      expect(scripts().filter((name) => /one|two|both|deep|common|inner/.test(name))).toEqual([])
      for (const [fact, tool, answer] of answers) {
        // Chromium has no workers in a shared one.
        if (options && tool === 'inner') continue
        expect(await page.evaluate((name) => window.tool(name), tool), fact).toEqual(answer)
      }
      // A worker's URL has a fragment: imported again, without it, its first file would run twice.
      const first = Object.keys(texts).filter((name) => /^assets\/(logic|inner)-HASH/.test(name))
      expect(first).toHaveLength(2)
      const again = /(?:from|import)\s*\(?["'`]\.\/(?:logic|inner)-(?!shared)/
      for (const text of Object.values(texts)) expect(text).not.toMatch(again)
      expect(problems).toEqual([])
    })
  },
)

test.each([
  ['by an import() when called', ''],
  ['by one that is awaited at top level', `export const early = (await import('./first')).all`],
])(
  'a worker that is a file runs once if lazy files and its own need a helper of the bundler: %s',
  { timeout: 60_000 },
  async (_way, early) => {
    const { root } = await build({
      'main.ts': main('{ inline: false }'),
      'logic.ts': `
          import * as words from './words'
          ${early}
          export default class {
            async first() { return [Object.keys(words), (await import('./first')).all, (await import('./second')).all] }
          }`,
      'words.ts': `export const one = 1; export const two = 2`,
      'first.ts': `import * as own from './first-own'; export const all = Object.keys(own)`,
      'first-own.ts': `export const three = 3`,
      'second.ts': `import * as own from './second-own'; export const all = Object.keys(own)`,
      'second-own.ts': `export const four = 4`,
    })
    const { page, problems } = await open(root, '/')
    const words = [['one', 'two'], ['three'], ['four']]
    expect(await page.evaluate(() => window.tool('first'))).toEqual(words)
    expect(problems).toEqual([])
  },
)

test('a stack in a lazy file leads to the source', { timeout: 60_000 }, async () => {
  const { root, names } = await build(app, { inline: false, config: { build: { sourcemap: true } } })
  const { page } = await open(root, '/')
  const stack = String(await page.evaluate(() => window.tool('failed')))
  const [, url = '', line, column] = /(http\S+):(\d+):(\d+)/.exec(stack)!
  const map = await (await page.request.get(`${url}.map`)).text()
  expect(names).toContain('assets/one-HASH.js.map')
  expect(JSON.parse(map).sources[0]).toMatch(/one\.ts$/)
  expect(Number(line)).toBeGreaterThan(0)
  expect(Number(column)).toBeGreaterThan(0)
})

describe('inline: false in the options of a thread', { timeout: 60_000 }, () => {
  const files = ['assets/logic-HASH.js', 'assets/one-HASH.js', 'assets/two-HASH.js']

  test.each([
    ['{ inline: false }', undefined, true],
    ['{ inline: !1 }', undefined, 'error'],
    ['{ inline: undefined }', undefined, false],
    ['{ name: "x", inline: true }', false, false],
    ['{ inline: true }', undefined, false],
    ['{ inline: Math.random() > 2 }', undefined, 'error'],
  ])('%s, and %s in those of the plugin: a file: %s', async (options, inline, isFile) => {
    const built = build({ ...app, 'main.ts': main(options) }, { inline })
    if (isFile === 'error')
      return await expect(built).rejects.toThrow(
        /main\.ts:3: bgThread\(\) cannot tell whether the worker's code/,
      )
    const { names } = await built
    expect(files.filter((name) => names.includes(name))).toEqual(isFile ? files : [])
  })

  test('makes a file of that thread alone, and both run', async () => {
    const both = `${main('{ inline: false }')}
      const other = bgThread(() => import('./logic'))
      window.places = async () => ({ file: await proxy.runs(), blob: await other.proxy.runs() })`
    const logic = `export default class { runs() { return true } async lazy() { return (await import('./both')).both } }`
    const { root } = await build({ ...app, 'main.ts': both, 'logic.ts': logic })
    const { page } = await open(root, '/')
    await page.evaluate(() => window.places())
    const urls = page.workers().map((worker) => new URL(worker.url()))
    expect(urls.map(({ protocol }) => protocol).sort()).toEqual(['blob:', 'http:'])
    expect(urls.find(({ protocol }) => protocol === 'http:')!.pathname).toMatch(/^\/assets\/logic-/)
    expect(await page.evaluate(() => window.tool('lazy'))).toEqual({ b: 1 })
  })

  test('holds for a pool, and through a const', async () => {
    const pool = `
      import { bgPool } from 'bgthread'
      const options = { size: 1, inline: false }
      const { proxy } = bgPool(() => import('./logic'), options)
      window.tool = (name) => proxy[name]()`
    const { names, root } = await build({ ...app, 'main.ts': pool })
    expect(names).toContain('assets/logic-HASH.js')
    const { page } = await open(root, '/')
    await expect.poll(() => page.evaluate(() => window.tool('same')), patient).toBe(true)
  })
})

describe('a build warns of an inline worker', { timeout: 60_000 }, () => {
  const large = (bytes: number) => `export const text = ${JSON.stringify('x'.repeat(bytes))}`
  const logic = `import { text } from './text'; export default class { size() { return text.length } }`
  const lazy = `export default class { async size() { return (await import('./text')).text.length } }`

  test.each([
    ['that is large', logic, '', 400_000, true],
    ['that is large by an import()', lazy, '', 400_000, true],
    ['not if it is small', logic, '', 100_000, false],
    ['not if it is a file', logic, '{ inline: false }', 400_000, false],
    ['not if it is shared, and so a file', logic, '{ shared: true }', 400_000, false],
  ])('%s', async (_fact, logic, options, bytes, warns) => {
    const twice = `${main(options)}; import('./again')`
    const again = main(options).replaceAll('tool', 'other')
    const { warnings } = await build({
      'main.ts': twice,
      'again.ts': again,
      'logic.ts': logic,
      'text.ts': large(bytes),
    })
    const found = warnings.filter((warning) => warning.includes('{ inline: false }'))
    expect(found).toHaveLength(warns ? 1 : 0)
    if (warns) expect(found[0]).toMatch(/the thread of logic\.ts puts 4\d\d kB into the page's bundle/)
  })

  test('without counting its source map', async () => {
    const config = { build: { sourcemap: true } }
    const files = { 'main.ts': main(), 'logic.ts': logic, 'text.ts': large(150_000) }
    const { warnings } = await build(files, { config })
    expect(warnings.filter((warning) => warning.includes('{ inline: false }'))).toEqual([])
  })
})
