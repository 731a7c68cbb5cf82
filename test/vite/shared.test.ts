/** Threads that tabs share: what the load gives the library, in real tabs. */
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { createLogger, type InlineConfig } from 'vite'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import bgthread from 'bgthread/vite'
import { buildApp, plainConfig, serveApp, writeApp } from './support/app.js'
import { visit, type Visit } from './support/browser.js'
import { patient } from './support/patient.js'
import { serveFolder, type Site } from './support/serve.js'
import { standIn } from './support/stand-in.js'

/** What the page puts on `window`. */
declare global {
  interface Window {
    /** Starts a worker and asks its logic. */
    ask(action: Action, options?: LoadOptions, load?: 'shared' | 'own'): Promise<unknown>
  }
}

type Action = 'count' | 'kind' | 'script' | 'relative' | 'asset' | 'version'

interface LoadOptions {
  name?: string
  trustedTypesPolicy?: string
  dedicated?: boolean
}

const logic = (version: string) => `
  import noteUrl from './note.txt?url'
  let counted = 0
  const text = async (url) => (await (await fetch(url)).text()).trim()
  export const actions = {
    count: () => ++counted,
    kind: () => self.constructor.name,
    // Its own, and not the one that it is given of its page.
    script: () => Object.getOwnPropertyDescriptor(WorkerGlobalScope.prototype, 'location').get.call(self).href,
    relative: () => text('./data.json'),
    asset: async () => [await text(noteUrl), await text(new URL('./note.txt', import.meta.url))],
    version: () => '${version}',
  }`

const files = {
  ...standIn,
  'main.ts': `
    import { bgThread } from 'bgthread'
    const loads = {
      shared: bgThread(() => import('./logic').then((m) => m.actions), { name: 'all', shared: true }),
      own: bgThread(() => import('./logic').then((m) => m.actions), { shared: false }),
    }
    window.ask = (action, options = {}, load = 'shared') =>
      new Promise((resolve, reject) => {
        const worker = loads[load]({ name: 'all', ...options })
        const port = worker.port ?? worker
        port.onmessage = ({ data }) => resolve(data)
        worker.onerror = () => reject(new Error('the worker did not start'))
        port.postMessage(action)
      })
    document.title = 'loaded'`,
  'logic.ts': logic('first'),
  'note.txt': 'a note',
  'public/data.json': '"data"',
}

async function write(changed: Record<string, string> = {}): Promise<string> {
  const root = await writeApp({ ...files, ...changed })
  return root
}

const configFor = (root: string): InlineConfig => ({ ...plainConfig(root), resolve: {} })

async function build(changed: Record<string, string> = {}, config: InlineConfig = {}, inline = true) {
  const root = await write(changed)
  const warnings: string[] = []
  const customLogger = { ...createLogger('silent'), warn: (message: string) => warnings.push(message) }
  const own = { ...configFor(root), plugins: [bgthread({ inline })], customLogger }
  const output = await buildApp({ ...own, ...config, build: { assetsInlineLimit: 0, ...config.build } })
  const names = output.map(({ fileName }) => fileName).sort()
  const code = output.map((file) => (file.type === 'chunk' ? file.code : '')).join('\n')
  return { dist: join(root, 'dist'), names, code, warnings }
}

async function buildAndServe(servedAt: string, config: InlineConfig = {}, inline = true): Promise<Site> {
  return serveFolder((await build({}, config, inline)).dist, servedAt)
}

const serve = async (base?: string): Promise<Site> =>
  serveApp({ ...configFor(await write()), base, plugins: [bgthread()] })

const deep = { rolldownOptions: { output: { entryFileNames: 'deep/down/[name]-[hash].js' } } }
const ways: [way: string, start: () => Promise<Site>, pathname: RegExp][] = [
  ['a build', () => buildAndServe('/'), /^\/assets\/logic-[\w-]{8}\.js$/],
  [
    'a build with a relative base',
    () => buildAndServe('/some/where/', { base: './', build: deep }),
    /^\/some\/where\/assets\/logic-[\w-]{8}\.js$/,
  ],
  [
    'a build with a base',
    () => buildAndServe('/some/where/', { base: '/some/where/' }),
    /^\/some\/where\/assets\/logic-[\w-]{8}\.js$/,
  ],
  [
    'a build with inline: false',
    () => buildAndServe('/some/where/', { base: './' }, false),
    /^\/some\/where\/assets\/logic-[\w-]{8}\.js$/,
  ],
  ['a development server', () => serve(), /logic\.ts\.js$/],
  ['a development server with a base', () => serve('/deep/base/'), /^\/deep\/base\/.*logic\.ts\.js$/],
]

/** Opens the page, and waits until it can be asked. */
async function open(url: string, beside?: Visit): Promise<Visit> {
  const opened = await visit(url, beside)
  await opened.page.waitForFunction(() => document.title === 'loaded')
  return opened
}

const ask = ({ page }: Visit, ...[action, options, load]: Parameters<Window['ask']>) =>
  page.evaluate(([action, options, load]) => window.ask(action, options, load), [
    action,
    options,
    load,
  ] as const)

describe.each(ways)('a shared thread, in %s', (_way, start, pathname) => {
  let site: Site
  let one: Visit
  let other: Visit

  beforeAll(async () => {
    site = await start()
    one = await open(site.url)
    other = await open(`${site.url}?another=page#somewhere`, one)
  }, 60_000)
  afterAll(async () => {
    await one?.page.close()
    await other?.page.close()
    await site?.close()
  })

  test('is one for two tabs, whose URLs differ', async () => {
    expect(await ask(one, 'kind')).toBe('SharedWorkerGlobalScope')
    expect(await ask(one, 'count')).toBe(1)
    expect(await ask(other, 'count')).toBe(2)
    expect(await ask(one, 'count')).toBe(3)
  })

  test('is another one under another name', async () => {
    expect(await ask(one, 'count', { name: 'another' })).toBe(1)
    expect(await ask(other, 'count', { name: 'another' })).toBe(2)
  })

  test('has a URL of its own', async () => {
    const script = new URL(String(await ask(one, 'script')))
    expect(script.protocol).toBe('http:')
    expect(script.pathname).toMatch(pathname)
  })

  test('is a dedicated worker by the same URL where the library asks for that', async () => {
    expect(await ask(one, 'kind', { dedicated: true })).toBe('DedicatedWorkerGlobalScope')
    expect(await ask(one, 'count', { dedicated: true })).toBe(1)
    expect(await ask(other, 'script', { dedicated: true })).toBe(await ask(one, 'script'))
  })

  test("resolves relative URLs against the app's base, and finds assets", async () => {
    expect(await ask(other, 'relative')).toBe('"data"')
    expect(await ask(other, 'asset')).toEqual(['a note', 'a note'])
    expect(await ask(other, 'relative', { dedicated: true })).toBe('"data"')
  })

  test('leaves a thread of the same logic that is not shared alone', async () => {
    expect(await ask(one, 'kind', {}, 'own')).toBe('DedicatedWorkerGlobalScope')
    expect(await ask(one, 'count', {}, 'own')).toBe(1)
    expect(await ask(one, 'asset', {}, 'own')).toEqual(['a note', 'a note'])
  })

  test('goes without an error, a missing file or a reload', () => {
    for (const { problems, navigations } of [one, other]) {
      expect(problems).toEqual([])
      expect(navigations).toHaveLength(1)
    }
  })
})

describe('a build with shared threads', { timeout: 30_000 }, () => {
  const main = (options: string) =>
    `import { bgThread } from 'bgthread'\nconst made = (): object => ({})\n\nglobalThis.load = bgThread(() => import('./logic'), ${options})`
  const plain = { 'logic.ts': `export default { say: () => 'only in a file' }` }
  const shared = { ...plain, 'main.ts': main('{ shared: true }') }
  const workerOf = (names: string[]) => names.find((name) => /assets\/logic-/.test(name))

  test('has the logic in a file of its own and not in the bundle, and needs no blob', async () => {
    const { names, code } = await build(shared)
    expect(names.map((name) => name.replace(/-[\w-]{8}\./, '.'))).toEqual([
      'assets/index.js',
      'assets/logic.js',
      'index.html',
    ])
    expect(code).not.toMatch(/only in a file|new Blob/)
  })

  test('names the file by what is in it, so that two deployments never meet', async () => {
    const first = await build(shared)
    const same = await build({ ...shared, 'main.ts': main(`{ name: 'x', shared: true }`) })
    const changed = await build({ ...shared, 'logic.ts': plain['logic.ts'].replace('only', 'now only') })
    expect(workerOf(first.names)).toBeDefined()
    expect(workerOf(same.names)).toBe(workerOf(first.names))
    expect(workerOf(changed.names)).not.toBe(workerOf(first.names))
  })

  test('writes one file where the logic is also started unshared, from files', async () => {
    const both = `${main('{ shared: true }')}; globalThis.own = bgThread(() => import('./logic'))`
    const { names, warnings } = await build({ ...plain, 'main.ts': both }, {}, false)
    expect(names.filter((name) => name.includes('logic'))).toHaveLength(1)
    expect(warnings).toEqual([])
  })

  test('fails where the value of the option is only known at run time, with file and line', async () => {
    await expect(build({ ...plain, 'main.ts': main(`{ shared: 'x' in made() }`) })).rejects.toThrow(
      /main\.ts:4: bgThread\(\) cannot tell .*Write shared: true or shared: false/,
    )
  })

  test('takes options that it cannot look into for those of a thread that is not shared', async () => {
    const { warnings, code } = await build({ ...plain, 'main.ts': main('made()') })
    expect(warnings).toEqual([])
    expect(code).toContain('only in a file')
  })

  test('and if they are not, the thread does not start, and the library says why', async () => {
    const page = (options: string) => `
      import { bgThread } from 'bgthread'
      const made = () => ({ name: 'all', shared: true, restart: false })
      bgThread(() => import('./logic'), ${options}).ready.then(
        () => (document.title = 'ready'),
        (error) => (document.title = String(error)),
      )`
    const titleWith = async (options: string) => {
      const root = await writeApp({ ...plain, 'main.ts': page(options) })
      await buildApp({ ...plainConfig(root), plugins: [bgthread()] })
      const site = await serveFolder(join(root, 'dist'), '/')
      const opened = await visit(site.url)
      await expect.poll(() => opened.page.title(), patient).not.toBe('')
      const title = await opened.page.title()
      await opened.page.close()
      await site.close()
      return title
    }
    expect(await titleWith('made()')).toMatch(/ThreadStartError: .*'all' is not shared.*\{ shared: true \}/)
    expect(await titleWith('{ ...made(), shared: false }')).toBe('ready')
    expect(await titleWith('{ ...made(), shared: true }')).toBe('ready')
  })

  test('starts under a policy that allows no blob, with Trusted Types', async () => {
    const site = await buildAndServe('/')
    const policy = "worker-src 'self'; require-trusted-types-for 'script'; trusted-types bgthread"
    const opened = await open(`${site.url}?${new URLSearchParams({ policy })}`)
    const trustedTypesPolicy = 'bgthread'
    expect(await ask(opened, 'kind', { trustedTypesPolicy })).toBe('SharedWorkerGlobalScope')
    expect(await ask(opened, 'kind', { trustedTypesPolicy, dedicated: true })).toMatch(/^Dedicated/)
    await opened.page.close()
    await site.close()
  })
})

describe('in development', { timeout: 30_000 }, () => {
  let stop: (() => Promise<void>) | undefined
  afterEach(() => stop?.())

  test('without hot updates, tabs that reload one after another meet in a thread that runs the edited code', async () => {
    const root = await write({
      'logic.ts': `export { actions } from './actions'`,
      'actions.ts': logic('first'),
    })
    const site = await serveApp({ ...configFor(root), plugins: [bgthread({ hot: false })] })
    stop = site.close
    const one = await open(site.url)
    const other = await open(site.url, one)
    expect(await ask(one, 'version')).toBe('first')
    expect(await ask(other, 'count')).toBe(1)
    const isReloaded = ({ navigations, page }: Visit) =>
      expect.poll(async () => [navigations.length, await page.title()], patient).toEqual([2, 'loaded'])

    // This tab does not hear of the edit, and keeps the thread with the old code.
    await other.page.routeWebSocket(/.*/, () => {})
    await other.page.reload()
    await isReloaded(other)
    expect(await ask(other, 'count')).toBe(2)
    await writeFile(join(root, 'actions.ts'), logic('second'))
    await isReloaded(one)
    expect(await ask(one, 'version')).toBe('second')
    expect(await ask(one, 'count')).toBe(1)
    expect(await ask(other, 'count')).toBe(3)

    await other.page.reload()
    await other.page.waitForFunction(() => document.title === 'loaded')
    expect(await ask(other, 'version')).toBe('second')
    expect(await ask(other, 'count')).toBe(2)
    await one.page.close()
    await other.page.close()
  })
})
