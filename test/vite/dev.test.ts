import { readdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { build, createServer, defaultClientConditions, type InlineConfig, type Plugin } from 'vite'
import { afterEach, describe, expect, test } from 'vitest'
import bgthread from 'bgthread/vite'
import { fixtureConfig, makeFolder, plainConfig, project, serveApp, writeApp } from './support/app.js'
import { patient } from './support/patient.js'
import { visit } from './support/browser.js'
import { describeFixture } from './support/contract.js'
import { firstFrame, mapInside, originOf } from './support/source-map.js'

describeFixture(
  'a development server',
  () => serveApp(fixtureConfig({ place: 'first' })),
  (app) => {
    test('leads a stack in a worker to the TypeScript source', async () => {
      const stack = String(await app().page.evaluate(() => window.tool('stack')))
      const { line, column } = firstFrame(stack)
      const response = await app().page.request.get(new URL('/src/toolbox.ts', app().page.url()).href)
      const origin = originOf(mapInside(await response.text()), line, column)
      expect(origin.line).toContain(`new Error('this line is in the map')`)
    })

    test("keeps the page's source map true behind a replaced load, in line and column", async () => {
      const response = await app().page.request.get(new URL('/src/main.ts', app().page.url()).href)
      const code = await response.text()
      const lines = code.split('\n')
      const line = lines.findIndex((text) => text.includes('name: "toolbox"'))
      const origin = originOf(mapInside(code), line + 1, lines[line]!.indexOf('name: "toolbox"') + 1)
      expect(origin.line.slice(origin.column)).toMatch(/^name: 'toolbox'/)
    })
  },
)

describeFixture(
  'a development server with a base, the plugin last',
  () => serveApp(fixtureConfig({ place: 'last', base: '/deep/base/' })),
  (app) => {
    test('starts the worker from a URL', async () => {
      const script = String(await app().page.evaluate(() => window.tool('script')))
      expect(new URL(script).pathname).toMatch(/^\/deep\/base\/.*toolbox\.ts\.js$/)
      expect(await app().page.evaluate(() => window.blobs.length)).toBe(0)
    })
  },
)

describe('in development', { timeout: 30_000 }, () => {
  let stop: (() => Promise<void>) | undefined
  afterEach(() => stop?.())
  const main = `
    import { bgThread } from 'bgthread'
    const { proxy } = bgThread(() => import('./logic'))
    window.tool = (name) => proxy[name]()
    proxy.where().then((where) => (document.body.textContent = where))`

  async function open(files: Record<string, string>, config: InlineConfig = {}, hot = true) {
    const root = await writeApp(files)
    const site = await serveApp({ ...plainConfig(root), plugins: [bgthread({ hot })], ...config })
    stop = site.close
    return { root, ...(await visit(site.url)) }
  }

  test('without hot updates, an edit of the logic reloads the page, and the thread runs the new code', async () => {
    const { root, page, navigations, problems } = await open(
      {
        'main.ts': main,
        'logic.ts': `export default class { where() { return 'old' } }`,
      },
      {},
      false,
    )
    await expect.poll(() => page.textContent('body'), patient).toBe('old')
    await writeFile(join(root, 'logic.ts'), `export default class { where() { return 'new' } }`)
    await expect.poll(() => page.textContent('body'), patient).toBe('new')
    expect(navigations).toHaveLength(2)
    expect(problems).toEqual([])
  })

  test.each(['document', 'Buffer'])(
    'a start that fails since a package asks for %s names its module and the ways out',
    async (name) => {
      const { page } = await open({
        'main.ts': `
          import { bgThread } from 'bgthread'
          const thread = bgThread(() => import('./logic'))
          thread.ready.catch((error) => (document.body.textContent = error.message))`,
        'logic.ts': `import { title } from './vendor/pretty.js'; export default class { where() { return title } }`,
        'vendor/pretty.js': `export const title = ${name}.title`,
      })
      await expect.poll(() => page.textContent('body'), patient).toContain(name)
      const message = await page.textContent('body')
      expect(message).toContain(
        `could not start: ${name} is not defined in /vendor/pretty.js. A thread has no '${name}'`,
      )
      expect(message).toContain('docs/libraries.md')
    },
  )

  test("a package's entry for workers is taken where resolve.conditions has 'worker'", async () => {
    const { page, problems } = await open(
      {
        'main.ts': main,
        'logic.ts': `import { place } from 'placed'; export default class { where() { return place } }`,
        'node_modules/placed/package.json': JSON.stringify({
          name: 'placed',
          version: '1.0.0',
          type: 'module',
          exports: { '.': { worker: './worker.js', browser: './page.js', default: './page.js' } },
        }),
        'node_modules/placed/worker.js': `export const place = 'of workers'`,
        'node_modules/placed/page.js': `export const place = document.title`,
      },
      { resolve: { ...plainConfig('').resolve, conditions: ['worker', ...defaultClientConditions] } },
    )
    await expect.poll(() => page.textContent('body'), patient).toBe('of workers')
    expect(problems).toEqual([])
  })

  test('without hot updates, an edit of a module that starts a thread reloads the page, and leaves no second thread', async () => {
    const accepting = (word: string) => `${main}; import.meta.hot.accept(); document.title = '${word}'`
    const { root, page, navigations } = await open(
      {
        'main.ts': accepting('old'),
        'logic.ts': `export default class { where() { return 'there' } }`,
      },
      {},
      false,
    )
    await expect.poll(() => page.textContent('body'), patient).toBe('there')
    await writeFile(join(root, 'main.ts'), accepting('new'))
    await expect.poll(() => page.title(), patient).toBe('new')
    await expect.poll(() => page.textContent('body'), patient).toBe('there')
    expect(page.workers()).toHaveLength(1)
    expect(navigations).toHaveLength(2)
  })

  test('without hot updates, an edit of a logic inside another thread reloads the page, and that thread runs the new code', async () => {
    const { root, page, navigations, problems } = await open(
      {
        'main.ts': main,
        'logic.ts': `import { bgThread } from 'bgthread'; const inner = bgThread(() => import('./inner')); export default class { where() { return inner.proxy.where() } }`,
        'inner.ts': `import { word } from './word'; export default class { where() { return word } }`,
        'word.ts': `export const word = 'old'`,
      },
      {},
      false,
    )
    await expect.poll(() => page.textContent('body'), patient).toBe('old')
    await writeFile(join(root, 'word.ts'), `export const word = 'new'`)
    await expect.poll(() => page.textContent('body'), patient).toBe('new')
    expect(navigations).toHaveLength(2)
    expect(problems).toEqual([])
  })

  test.each([
    [
      'directly',
      {
        'logic.ts': `import { bgThread } from 'bgthread'; const again = bgThread(() => import('./logic'), { name: 'again' }); export default class { refused() { return again.ready.catch((error) => error.message) } }`,
      },
      'logic.ts',
    ],
    [
      'through another one and modules of both',
      {
        'logic.ts': `import { refused } from './lib/index'; export default class { refused() { return refused() } }`,
        'lib/index.ts': `export * from './other'`,
        'lib/other.ts': `import { bgThread } from 'bgthread'; const other = bgThread(() => import('../other').then((m) => m.Other)); export const refused = () => other.proxy.refused()`,
        'other.ts': `export class Other { async refused() { return (await import('./lazy')).again.ready.catch((error) => error.message) } }`,
        'lazy.ts': `import { bgThread } from 'bgthread'; export const again = bgThread(() => import('./logic'), { name: 'again' })`,
      },
      'logic.ts → lib/index.ts → lib/other.ts → other.ts → lazy.ts',
    ],
  ])(
    'a thread that would start itself without end is refused, with the words of the build and its modules: %s',
    async (_how, files, through) => {
      const { page } = await open({
        'main.ts': `import { bgThread } from 'bgthread'; bgThread(() => import('./logic')).proxy.refused().then((text) => (document.body.textContent = text))`,
        ...files,
      })
      await expect.poll(() => page.textContent('body'), patient).toContain(`(${through} → bgThread())`)
      expect(await page.textContent('body')).toMatch(
        /^thread 'again' could not start: the thread of .*logic\.ts would start itself again and again/,
      )
    },
  )

  test('a dependency that only shows up inside the worker arrives', async () => {
    const late: Plugin = {
      name: 'late',
      resolveId: (id) => (id === 'virtual:late' ? '\0late' : undefined),
      // The scan for dependencies does not look here.
      load: (id) => (id === '\0late' ? `export { late as default } from 'late-dependency'` : undefined),
    }
    const { page } = await open(
      {
        'main.ts': main,
        'logic.ts': `import late from 'virtual:late'; export default class { where() { return late } }`,
        'node_modules/late-dependency/package.json': `{ "name": "late-dependency", "main": "index.js" }`,
        'node_modules/late-dependency/index.js': `exports.late = 'arrived'`,
      },
      { plugins: [bgthread(), late] },
    )
    await expect.poll(() => page.textContent('body'), patient).toBe('arrived')
  })

  test('the logic may be an export of a package', async () => {
    const { page, navigations } = await open({
      'main.ts': main.replace(`import('./logic')`, `import('some-logic').then((m) => m.Logic)`),
      'node_modules/some-logic/package.json': `{ "name": "some-logic", "type": "module", "main": "index.js" }`,
      'node_modules/some-logic/index.js': `export class Logic { where() { return typeof document } }`,
    })
    await expect.poll(() => page.textContent('body'), patient).toBe('undefined')
    expect(navigations).toHaveLength(1)
  })

  test('the installed library is found by the worker without a reload', async () => {
    const library = await makeFolder('library')
    const entry = {
      index: join(project, 'src/core/index.ts'),
      worker: join(project, 'src/core/worker.ts'),
      hot: join(project, 'src/hot/index.ts'),
    }
    const lib = { entry, formats: ['es' as const] }
    await build({ configFile: false, logLevel: 'error', build: { outDir: library, lib, minify: false } })
    const { page, navigations, problems } = await open(
      {
        'main.ts': main,
        'logic.ts': `export default class { where() { return typeof document } }`,
        'node_modules/bgthread/package.json': JSON.stringify({
          name: 'bgthread',
          type: 'module',
          exports: { '.': './index.js', './worker': './worker.js', './hot': './hot.js' },
        }),
        ...(await textsIn(library, 'node_modules/bgthread')),
      },
      { resolve: {} },
    )
    await expect.poll(() => page.textContent('body'), patient).toBe('undefined')
    expect(navigations).toHaveLength(1)
    expect(problems).toEqual([])
  })

  test('CSS that a logic imports does nothing there but warn, and styles the page that imports it', async () => {
    const { root, page, problems, warnings } = await open({
      'main.ts': `import './shared'; ${main}`,
      'logic.ts': `import './logic.css'; import names from './names.module.css'; import { word } from './shared'; import text from './shared.css?inline'
        export default class { where() { return [word, names.row === undefined, text.length].join() } }`,
      'shared.ts': `import './shared.css'; export const word = 'there'`,
      'logic.css': 'body { background: red }',
      'names.module.css': '.row { color: red }',
      'shared.css': 'body { color: rgb(1, 2, 3) }',
    })
    const color = () => page.evaluate(() => getComputedStyle(document.body).color)
    await expect.poll(() => page.textContent('body'), patient).toBe('there,false,28')
    expect(await color()).toBe('rgb(1, 2, 3)')
    const end = 'a thread has no page to style; import it in a component'
    expect(warnings.sort()).toEqual([
      `bgthread: logic.ts imports ./logic.css: ${end}`,
      `bgthread: logic.ts imports ./names.module.css: ${end}`,
      `bgthread: shared.ts imports ./shared.css: ${end}`,
    ])
    await writeFile(join(root, 'shared.css'), 'body { color: rgb(4, 5, 6) }')
    await expect.poll(color, patient).toBe('rgb(4, 5, 6)')
    expect(problems).toEqual([])
  })

  test('the page knows that it has the plugin', async () => {
    const files = { 'main.ts': `document.title = typeof __BGTHREAD_PLUGIN__` }
    const { page } = await open(files)
    await expect.poll(() => page.title(), patient).toBe('boolean')
  })

  test('code for a server keeps the lazy import', async () => {
    const root = await writeApp({ 'main.ts': main, 'logic.ts': `export default class {}` })
    const config = {
      ...plainConfig(root),
      plugins: [bgthread()],
      server: { middlewareMode: true, ws: false as const },
    }
    const server = await createServer(config)
    stop = () => server.close()
    const onServer = await server.environments.ssr.transformRequest('/main.ts')
    const onPage = await server.environments.client.transformRequest('/main.ts')
    expect(onServer?.code).toContain('__vite_ssr_dynamic_import__("/logic.ts")')
    expect(onPage?.code).not.toContain('import(')
  })
})

/** The files of a folder as {@link writeApp} takes them. */
async function textsIn(folder: string, below: string): Promise<Record<string, string>> {
  const names = await readdir(folder)
  const texts = names.map(
    async (name) => [`${below}/${name}`, await readFile(join(folder, name), 'utf8')] as const,
  )
  return Object.fromEntries(await Promise.all(texts))
}
