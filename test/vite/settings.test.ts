/** What a project says of client code holds for its threads: the same module runs on the page and in threads. */
import { join } from 'node:path'
import {
  createBuilder,
  mergeConfig,
  perEnvironmentPlugin,
  perEnvironmentState,
  type InlineConfig,
  type Plugin,
} from 'vite'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import bgthread from 'bgthread/vite'
import { buildApp, makeFolder, plainConfig, serveApp, writeApp } from './support/app.js'
import { visit, type Visit } from './support/browser.js'
import { patient } from './support/patient.js'
import { serveFolder, type Site } from './support/serve.js'

type Probes = Record<string, unknown>

/** What the page puts on `window`: what the same module finds in each place. */
declare global {
  interface Window {
    probes: Promise<{ page: Probes; thread: Probes; nested: Probes }>
  }
}

/** A setting, the code that finds it, and what that is to find. */
interface Row {
  setting: string
  config: InlineConfig
  /** An expression. */
  probe: string
  /** What comes before it in the module. */
  imports?: string
  files?: Record<string, string>
  found: unknown
  /** Whether Vite's development server knows it, too. */
  inDev?: boolean
}

/** A plugin that gives a virtual module, and whatever else. */
const virtual = (name: string, more: Partial<Plugin> = {}): Plugin => ({
  name,
  resolveId: (id) => (id === `virtual:${name}` ? `\0${name}` : undefined),
  load: (id) => (id === `\0${name}` ? `export default ${JSON.stringify(name)}` : undefined),
  ...more,
})
const fromVirtual = (name: string) => ({
  imports: `import { default as ${name} } from 'virtual:${name}'`,
  probe: name,
  found: name,
})

/** A package that has an entry for a condition of one's own. */
const conditional = (name: string) => ({
  [`node_modules/${name}/package.json`]: JSON.stringify({
    name,
    type: 'module',
    exports: { [name]: './own.js', default: './default.js' },
  }),
  [`node_modules/${name}/own.js`]: `export default 'own'`,
  [`node_modules/${name}/default.js`]: `export default 'default'`,
})

const begun = perEnvironmentState(() => ({ begun: false }))

const rows: Row[] = [
  {
    setting: 'define',
    config: { define: { OF_APP: '"of app"' } },
    probe: 'OF_APP',
    found: 'of app',
  },
  {
    setting: 'environments.client.define',
    config: { environments: { client: { define: { OF_CLIENT: '"of client"' } } } },
    probe: 'OF_CLIENT',
    found: 'of client',
  },
  {
    setting: "define, by a plugin's config hook",
    config: { plugins: [{ name: 'a', config: () => ({ define: { BY_HOOK: '"by hook"' } }) }] },
    probe: 'BY_HOOK',
    found: 'by hook',
  },
  {
    setting: "define, by a plugin's last config hook",
    config: {
      plugins: [
        {
          name: 'last',
          enforce: 'post',
          config: { order: 'post', handler: () => ({ define: { LAST: '"last"' } }) },
        },
      ],
    },
    probe: 'LAST',
    found: 'last',
  },
  {
    setting: "environments.client.define, by a plugin's config hook",
    config: {
      plugins: [
        { name: 'b', config: () => ({ environments: { client: { define: { CLIENT_BY_HOOK: '1' } } } }) },
      ],
    },
    probe: 'CLIENT_BY_HOOK',
    found: 1,
  },
  {
    setting: "define, by a plugin's configEnvironment hook",
    config: {
      plugins: [
        {
          name: 'c',
          configEnvironment: (name) => (name === 'client' ? { define: { BY_ENVIRONMENT: '2' } } : null),
        },
      ],
    },
    probe: 'BY_ENVIRONMENT',
    found: 2,
  },
  {
    setting: 'resolve.alias',
    config: { resolve: { alias: { aliased: '/an-alias.ts' } } },
    files: { 'an-alias.ts': `export default 'by alias'` },
    imports: `import aliased from 'aliased'`,
    probe: 'aliased',
    found: 'by alias',
  },
  {
    setting: 'resolve.conditions',
    config: { resolve: { conditions: ['of-app', 'module', 'browser', 'development|production'] } },
    files: conditional('of-app'),
    imports: `import ofApp from 'of-app'`,
    probe: 'ofApp',
    found: 'own',
  },
  {
    setting: 'environments.client.resolve.conditions',
    config: { environments: { client: { resolve: { conditions: ['of-client'] } } } },
    files: conditional('of-client'),
    imports: `import ofClient from 'of-client'`,
    probe: 'ofClient',
    found: 'own',
  },
  {
    setting: 'resolve.extensions',
    config: { resolve: { extensions: ['.first.ts', '.ts', '.js'] } },
    files: { 'which.ts': `export default 'second'`, 'which.first.ts': `export default 'first'` },
    imports: `import which from './which'`,
    probe: 'which',
    found: 'first',
  },
  {
    setting: 'envDir and envPrefix',
    config: { envDir: 'env', envPrefix: 'OWN_' },
    files: { 'env/.env': 'OWN_SECRET=from the folder\nVITE_NOT=1' },
    probe: '[import.meta.env.OWN_SECRET, import.meta.env.VITE_NOT]',
    found: ['from the folder', undefined],
  },
  {
    setting: 'mode',
    config: { mode: 'staging' },
    probe: 'import.meta.env.MODE',
    found: 'staging',
  },
  {
    setting: 'json.namedExports',
    config: { json: { namedExports: false } },
    files: { 'data.json': '{ "named": 1 }' },
    imports: `import * as json from './data.json'`,
    probe: 'Object.keys(json)',
    found: ['default'],
  },
  {
    setting: 'assetsInclude',
    config: { assetsInclude: ['**/*.glb'] },
    files: { 'model.glb': 'a model' },
    imports: `import model from './model.glb'`,
    probe: `await (await fetch(model)).text()`,
    found: 'a model',
  },
  {
    setting: 'css.modules',
    config: { css: { modules: { generateScopedName: 'own-[local]' } } },
    files: { 'names.module.css': '.row { color: red }' },
    imports: `import names from './names.module.css'`,
    probe: 'names.row',
    found: 'own-row',
  },
  {
    setting: 'oxc.jsx',
    config: { oxc: { jsx: { runtime: 'classic', pragma: 'h' } } },
    files: { 'view.tsx': `const h = (name: string) => 'made ' + name; export default <b />` },
    imports: `import view from './view.tsx'`,
    probe: 'view',
    found: 'made b',
  },
  {
    setting: "a plugin's applyToEnvironment, which names the environment",
    config: {
      plugins: [virtual('named', { applyToEnvironment: ({ name }) => name === 'client' })],
    },
    ...fromVirtual('named'),
  },
  {
    setting: 'a plugin that is made for each environment, and begins in it',
    config: {
      plugins: [
        perEnvironmentPlugin('each', () => {
          let name = 'not begun'
          return virtual('each', {
            buildStart: () => void (name = 'each'),
            load: (id) => (id === '\0each' ? `export default '${name}'` : undefined),
          })
        }),
      ],
    },
    ...fromVirtual('each'),
  },
  {
    setting: 'a plugin that keeps what it knows of each environment apart',
    config: {
      plugins: [
        virtual('apart', {
          sharedDuringBuild: true,
          perEnvironmentStartEndDuringDev: true,
          buildStart() {
            begun(this).begun = true
          },
          load(id) {
            return id === '\0apart'
              ? `export default ${begun(this).begun ? '"apart"' : '"unknown"'}`
              : undefined
          },
        }),
      ],
    },
    ...fromVirtual('apart'),
  },
  {
    setting: 'build.rolldownOptions.plugins',
    config: { build: { rolldownOptions: { plugins: [[virtual('bundled')], Promise.resolve(null)] } } },
    ...fromVirtual('bundled'),
    inDev: false,
  },
  {
    setting: 'environments.client.build.rolldownOptions.plugins',
    config: {
      environments: { client: { build: { rolldownOptions: { plugins: [virtual('bundledForClient')] } } } },
    },
    ...fromVirtual('bundledForClient'),
    inDev: false,
  },
  {
    setting: 'build.rolldownOptions.transform.define',
    config: { build: { rolldownOptions: { transform: { define: { BY_BUNDLER: '3' } } } } },
    probe: 'BY_BUNDLER',
    found: 3,
    inDev: false,
  },
  {
    setting: 'build.rolldownOptions.transform.inject',
    config: { build: { rolldownOptions: { transform: { inject: { injected: ['injected', 'it'] } } } } },
    files: {
      'node_modules/injected/package.json': '{ "name": "injected", "type": "module", "main": "index.js" }',
      'node_modules/injected/index.js': `export const it = 'injected'`,
    },
    probe: 'injected',
    found: 'injected',
    inDev: false,
  },
  {
    setting: 'build.rollupOptions, the older name',
    config: { build: { rollupOptions: { transform: { define: { BY_OLDER_NAME: '4' } } } } },
    probe: 'BY_OLDER_NAME',
    found: 4,
    inDev: false,
  },
  {
    setting: 'build.rolldownOptions.moduleTypes',
    config: { build: { rolldownOptions: { moduleTypes: { '.poem': 'text' } } } },
    files: { 'a.poem': 'a rose' },
    imports: `import poem from './a.poem'`,
    probe: 'poem',
    found: 'a rose',
    inDev: false,
  },
  {
    setting: 'build.rolldownOptions.treeshake',
    config: { build: { rolldownOptions: { treeshake: { manualPureFunctions: ['note'] } } } },
    imports: `const noted = []; function note() { noted.push(1) } note()`,
    probe: 'noted',
    found: [],
    inDev: false,
  },
  {
    setting: 'build.rolldownOptions.output.keepNames',
    config: { build: { rolldownOptions: { output: { keepNames: true } } } },
    imports: `class OfThisName {}; function ofThisName() {}`,
    probe: '[OfThisName.name, ofThisName.name]',
    found: ['OfThisName', 'ofThisName'],
    inDev: false,
  },
  {
    setting: 'build.target',
    config: { build: { target: 'es2019' } },
    probe: `String((a) => a?.b).includes('?.')`,
    found: false,
    inDev: false,
  },
  {
    setting: 'build.minify',
    config: { build: { minify: false } },
    probe: `String((aLongName) => aLongName).includes('aLongName')`,
    found: true,
    inDev: false,
  },
  {
    setting: 'build.assetsInlineLimit',
    config: { build: { assetsInlineLimit: (path) => path.endsWith('small.bin') } },
    files: { 'small.bin': 'small', 'other.bin': 'other' },
    imports: `import small from './small.bin?url'; import other from './other.bin?url'`,
    probe: `[small.slice(0, 5), other.slice(0, 5) === 'data:']`,
    found: ['data:', false],
    inDev: false,
  },
  {
    setting: 'build.assetsDir',
    config: { build: { assetsDir: 'of/assets' } },
    files: { 'asset.bin': 'asset' },
    imports: `import asset from './asset.bin?url&no-inline'`,
    probe: `asset.includes('/of/assets/asset-')`,
    found: true,
    inDev: false,
  },
  {
    setting: 'build.dynamicImportVarsOptions',
    config: { build: { dynamicImportVarsOptions: { include: /probes/ } } },
    files: { 'one/x.ts': `export default 'x'` },
    probe: "(await import(`./one/${'x'}.ts`)).default",
    found: 'x',
  },
  {
    setting: 'experimental.renderBuiltUrl',
    config: {
      experimental: {
        renderBuiltUrl: (name) => (name.includes('elsewhere') ? `https://cdn.test/${name}` : undefined),
      },
    },
    files: { 'elsewhere.bin': 'elsewhere' },
    imports: `import elsewhere from './elsewhere.bin?url&no-inline'`,
    probe: `elsewhere.startsWith('https://cdn.test/')`,
    found: true,
    inDev: false,
  },
]

/** An app that runs the probes of some rows on the page, in a thread, and in a thread of that. */
function appOf(rows: readonly Row[]): Record<string, string> {
  const probes = rows.map(
    ({ setting, probe }) => `[${JSON.stringify(setting)}, await (async () => ${probe})()]`,
  )
  return Object.assign(
    {
      'main.ts': `
        import { bgThread } from 'bgthread'
        import { probes } from './probes'
        const { proxy } = bgThread(() => import('./logic'))
        window.probes = (async () => ({ page: await probes(), thread: await proxy.probes(), nested: await proxy.nested() }))()`,
      'logic.ts': `
        import { bgThread } from 'bgthread'
        import { probes } from './probes'
        const { proxy } = bgThread(() => import('./inner'))
        export default class { probes() { return probes() }; nested() { return proxy.probes() } }`,
      'inner.ts': `
        import { probes } from './probes'
        export default class { probes() { return probes() } }`,
      'probes.ts': `
        ${rows.map(({ imports = '' }) => imports).join('\n')}
        export const probes = async () => Object.fromEntries([${probes.join()}])`,
    },
    ...rows.map(({ files }) => files),
  )
}

async function configOf(rows: readonly Row[]): Promise<InlineConfig> {
  const all = rows.reduce<InlineConfig>((all, { config }) => mergeConfig(all, config), {})
  const own: InlineConfig = {
    ...plainConfig(await writeApp(appOf(rows))),
    optimizeDeps: { noDiscovery: true },
  }
  return mergeConfig(own, all)
}

async function build(inline: boolean): Promise<Site> {
  const outDir = await makeFolder('dist')
  const config = await configOf(rows)
  await buildApp(
    mergeConfig(config, { plugins: [bgthread({ inline })], build: { outDir, emptyOutDir: true } }),
  )
  return serveFolder(outDir, '/')
}

const inDev = rows.filter(({ inDev }) => inDev !== false)
const ways: [way: string, start: () => Promise<Site>, rows: Row[]][] = [
  ['a build', () => build(true), rows],
  ['a build with inline: false', () => build(false), rows],
  ['development', async () => serveApp(mergeConfig(await configOf(inDev), { plugins: [bgthread()] })), inDev],
]

describe.each(ways)('in %s a thread, and one inside it, finds as the page does', (_way, start, rows) => {
  let site: Site
  let opened: Visit
  let found: { page: Probes; thread: Probes; nested: Probes }
  beforeAll(async () => {
    site = await start()
    opened = await visit(site.url)
    await opened.page.waitForFunction(() => 'probes' in window)
    found = await opened.page.evaluate(() => window.probes)
  }, 60_000)
  afterAll(() => site?.close())

  test.each(rows)('$setting', ({ setting, found: expected }) => {
    expect(found.page[setting]).toEqual(expected)
    expect(found.thread[setting]).toEqual(expected)
    expect(found.nested[setting]).toEqual(expected)
  })
})

describe('a build', { timeout: 30_000 }, () => {
  const main = `import { bgThread } from 'bgthread'; bgThread(() => import('./logic')).proxy.give().then((given) => (document.title = given))`
  const logic = (given: string, imports = '') =>
    `${imports}; export default class { give() { return ${given} } }`

  /** Builds an app, and gives its code and, once it is set, the title of its page. */
  async function make(config: InlineConfig, files: Record<string, string>) {
    const outDir = await makeFolder('dist')
    const own = { ...plainConfig(await writeApp({ 'main.ts': main, ...files })), plugins: [bgthread()] }
    const output = await buildApp(
      mergeConfig(mergeConfig(own, config), { build: { outDir, emptyOutDir: true } }),
    )
    const site = await serveFolder(outDir, '/')
    const { page } = await visit(site.url)
    await page.waitForFunction(() => document.title)
    const title = await page.title()
    await page.close()
    await site.close()
    return { output, title }
  }

  test('gives threads, and nothing else, what worker.rolldownOptions says', async () => {
    const inject = { GIVEN: ['given', 'it'] as [string, string] }
    const { output, title } = await make(
      { worker: { rolldownOptions: { transform: { inject } } } },
      {
        'node_modules/given/package.json': '{ "name": "given", "type": "module", "main": "index.js" }',
        'node_modules/given/index.js': `export const it = 'to threads'`,
        'main.ts': `${main}; globalThis.GIVEN = 1; window.kept = () => GIVEN`,
        'logic.ts': logic('GIVEN'),
      },
    )
    expect(title).toBe('to threads')
    const [page] = output.flatMap((file) => (file.type === 'chunk' ? [file] : []))
    expect(page?.moduleIds.some((id) => id.includes('node_modules/given'))).toBe(false)
  })

  test('lets worker.rolldownOptions add to what it says of all client code, and change it', async () => {
    const { title } = await make(
      {
        build: { rolldownOptions: { transform: { define: { ONE: '"page"', TWO: '"page"' } } } },
        worker: { rolldownOptions: { transform: { define: { ONE: '"thread"', THREE: '"thread"' } } } },
      },
      { 'logic.ts': logic('[ONE, TWO, THREE].join()') },
    )
    expect(title).toBe('thread,page,thread')
  })

  test("takes what is said of the page's own output for the page alone", async () => {
    const { output, title } = await make(
      {
        build: {
          license: true,
          manifest: true,
          rolldownOptions: {
            output: {
              banner: 'document.documentElement.dataset.banner = 1;',
              entryFileNames: 'page/[name].js',
              codeSplitting: { groups: [{ name: 'vendor', test: /node_modules/ }] },
            },
            plugins: [
              { name: 'writes', renderChunk: (code) => `document.documentElement.lang = 'en';${code}` },
            ],
          },
        },
      },
      {
        'node_modules/vendor/package.json': '{ "name": "vendor", "type": "module", "main": "index.js" }',
        'node_modules/vendor/index.js': `export default 'of a package'`,
        'logic.ts': logic('[typeof document, vendor].join()', `import vendor from 'vendor'`),
      },
    )
    expect(title).toBe('undefined,of a package')
    expect(output.map(({ fileName }) => fileName)).toContain('page/index.js')
  })

  test('carries for a thread a package that the page leaves to its import map, since a worker has none', async () => {
    const { title } = await make(
      { build: { rolldownOptions: { external: ['left-out'] } } },
      {
        'node_modules/left-out/package.json': '{ "name": "left-out", "type": "module", "main": "index.js" }',
        'node_modules/left-out/index.js': `export default 'carried'`,
        'logic.ts': logic('left', `import left from 'left-out'`),
      },
    )
    expect(title).toBe('carried')
  })

  test('takes the settings of the environment that it is of, and gives its threads that name', async () => {
    const outDir = await makeFolder('dist')
    const virtualOfIt = virtual('of-it', { applyToEnvironment: ({ name }) => name === 'admin' })
    const root = await writeApp({
      'main.ts': main,
      'logic.ts': logic('[it, WHICH].join()', `import it from 'virtual:of-it'`),
    })
    const builder = await createBuilder({
      ...plainConfig(root),
      plugins: [bgthread(), virtualOfIt],
      builder: {},
      environments: {
        admin: {
          consumer: 'client',
          define: { WHICH: '"admin"' },
          build: { outDir, emptyOutDir: true, rolldownOptions: { input: join(root, 'index.html') } },
        },
      },
    })
    await builder.build(builder.environments['admin']!)
    const site = await serveFolder(outDir, '/')
    const { page } = await visit(site.url)
    await expect.poll(() => page.title(), patient).toBe('of-it,admin')
    await site.close()
  })
})
