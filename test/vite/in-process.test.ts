import { join } from 'node:path'
import { parseAst, type PluginOption } from 'vite'
import { describe, expect, test } from 'vitest'
import bgthread from 'bgthread/vite'
import { findCalls } from '../../src/vite/calls.js'
import { findOwnImport, mayRunInProcess } from '../../src/vite/in-process.js'
import { buildApp, plainConfig, writeApp } from './support/app.js'
import { visit } from './support/browser.js'
import { patient } from './support/patient.js'
import { serveFolder } from './support/serve.js'

const bgThread = `import { bgThread } from 'bgthread'; `

describe('a module may run a logic in process', () => {
  const may = (code: string) => {
    const program = parseAst(code)
    const away = findCalls(program).filter(({ load }) => load.kind === 'target' || load.kind === 'worker')
    return mayRunInProcess(program, away)
  }

  test.each([
    ['calls with a load from elsewhere', `import { bgThread } from 'bgthread'; bgThread(load)`],
    [
      'calls beside one',
      `import { bgThread } from 'bgthread'; bgThread(() => import('./x')); bgThread(load)`,
    ],
    ['calls through a namespace', `import * as bg from 'bgthread'; bg.bgThread(load)`],
    ['keeps the function', `import { bgThread as start } from 'bgthread'; const mine = { start }`],
    ['exports the function', `import { bgThread } from 'bgthread'; export { bgThread }`],
    ['exports the function at once', `export { bgThread } from 'bgthread'`],
    ['exports everything', `export * from 'bgthread'`],
    ['hands the namespace on', `import * as bg from 'bgthread'; use(bg)`],
    ['asks the namespace for any name', `import * as bg from 'bgthread'; bg[name](load)`],
    ['has a fallback', `${bgThread}bgThread(() => import('./x'), { fallback: () => import('./x') })`],
    ['has a fallback from elsewhere', `${bgThread}bgThread(() => import('./x'), { fallback })`],
    [
      'has a fallback for a worker',
      `${bgThread}bgThread(() => new X(), { 'fallback': () => import('./x') })`,
    ],
    ['has a fallback in a const', `${bgThread}const o = { fallback: f }; bgThread(() => import('./x'), o)`],
    ['offers services', `${bgThread}bgThread(() => import('./x'), { host: { ask } })`],
    ['offers services in a const', `${bgThread}const o = { host }; bgThread(() => import('./x'), { ...o })`],
    ['has options from elsewhere', `${bgThread}bgThread(() => import('./x'), options)`],
    ['spreads its options', `${bgThread}bgThread(() => import('./x'), { ...options })`],
    ['computes a name', `${bgThread}bgThread(() => import('./x'), { [name]: value })`],
    ['imports the namespace later', `const { bgThread } = await import('bgthread'); bgThread(load)`],
  ])('that %s', (_what, code) => {
    expect(may(code)).toBe(true)
  })

  test.each([
    ['a load that is seen through', `import { bgThread } from 'bgthread'; bgThread(() => import('./x'))`],
    [
      'a renamed one and a namespace',
      `import { bgThread as a } from 'bgthread'; import * as b from 'bgthread'; a(() => import('./x')); b.bgThread(() => import('./x'))`,
    ],
    ['options in place', `${bgThread}bgThread(() => import('./x'), { name, args: [1] })`],
    ['options in a const', `${bgThread}const o = { name }; bgThread(() => import('./x'), o)`],
    [
      'spread options in a const',
      `${bgThread}const o = { name }; bgThread(() => import('./x'), { ...o, args: [1] })`,
    ],
    ['no services', `${bgThread}bgThread(() => import('./x'), { host: undefined })`],
    [
      'a fallback that makes a worker',
      `${bgThread}bgThread(() => import('./x'), { fallback: () => new XWorker() })`,
    ],
    ['a worker made by hand', `import { bgThread } from 'bgthread'; bgThread(() => new XWorker())`],
    [
      'arguments of bgCompute',
      `import { bgCompute } from 'bgthread'; bgCompute(() => import('./x'), text, { fallback: 1 })`,
    ],
    ['something else of the library', `import { transfer } from 'bgthread'; use(transfer)`],
    ['a parameter of that name', `import { bgThread } from 'bgthread'; (bgThread) => bgThread(load)`],
    ['a function of another package', `import { bgThread } from 'other'; bgThread(load)`],
  ])('and may not with %s', (_what, code) => {
    expect(may(code)).toBe(false)
  })
})

test.each(['./in-process.js', '../in-process.js'])(
  "the library's own import is found as %s: its build may move it",
  (specifier) => {
    const code = `const load = () => import(${JSON.stringify(specifier)})`
    const { start, end } = findOwnImport(parseAst(code))!
    expect(code.slice(start, end)).toBe(`import(${JSON.stringify(specifier)})`)
  },
)

describe('a build', { timeout: 30_000 }, () => {
  /** Builds a page that shows where its logic runs. */
  async function make(load: string) {
    const root = await writeApp({
      'main.ts': `import { bgThread } from 'bgthread'\nimport { later } from './later'\nconst thread = bgThread(${load})\nthread.proxy.where().then((where) => (document.title = where), console.error)\nObject.assign(window, { later })`,
      'later.ts': `export const later = () => import('./logic')`,
      'logic.ts': `export default class { where() { return 'document' in globalThis ? 'on the page' : 'in a worker' } }`,
    })
    const output = await buildApp({ ...plainConfig(root), plugins: [bgthread({ inline: false })] })
    const site = await serveFolder(join(root, 'dist'), '/')
    const { page, problems } = await visit(site.url)
    await expect.poll(() => page.title(), patient).toMatch(/^(on|in) /)
    const title = await page.title()
    await page.close()
    await site.close()
    const main = output.find((file) => file.type === 'chunk' && file.isEntry)
    const names = output.map(({ fileName }) => fileName.replace(/-[\w-]{8}\./, '.')).sort()
    return { title, problems, names, code: main?.type === 'chunk' ? main.code : '' }
  }

  // Said by the answering half only.
  const marker = 'this stream is gone'

  test('has no code that runs a logic in process where every logic runs in a worker', async () => {
    const { title, problems, names, code } = await make(`() => import('./logic')`)
    expect([title, problems]).toEqual(['in a worker', []])
    // The worker, and what the page imports for itself.
    expect(names).toEqual(['assets/index.js', 'assets/logic.js', 'assets/logic.js', 'index.html'])
    expect(code.includes(marker)).toBe(false)
  })

  test('has that code, and in the bundle itself, where a load was left alone', async () => {
    const { title, problems, names, code } = await make('later')
    expect([title, problems]).toEqual(['on the page', []])
    expect(names).toEqual(['assets/index.js', 'assets/logic.js', 'index.html'])
    expect(code.includes(marker)).toBe(true)
  })

  test('knows whether it has the plugin', async () => {
    const files = { 'main.ts': `document.title = typeof __BGTHREAD_PLUGIN__` }
    const root = await writeApp(files)
    const codeWith = async (plugins: PluginOption[]) => {
      const output = await buildApp({ ...plainConfig(root), plugins, build: { write: false } })
      return output.map((file) => (file.type === 'chunk' ? file.code : '')).join()
    }
    expect(await codeWith([bgthread()])).toMatch(/document\.title\s*=\s*[`"]boolean/)
    expect(await codeWith([])).toContain('typeof __BGTHREAD_PLUGIN__')
  })
})
