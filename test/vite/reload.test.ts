import { symlink, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { svelte } from '@sveltejs/vite-plugin-svelte'
import vue from '@vitejs/plugin-vue'
import { createLogger, type InlineConfig, type PluginOption } from 'vite'
import { afterEach, describe, expect, test } from 'vitest'
import bgthread from 'bgthread/vite'
import { plainConfig, project, serveApp, writeApp } from './support/app.js'
import { visit } from './support/browser.js'
import { patient } from './support/patient.js'

let stop: (() => Promise<void>) | undefined
afterEach(() => stop?.())

/** An app, opened in a browser, with the lines that its development server wrote. */
async function open(files: Record<string, string>, plugins: PluginOption[] = [], config: InlineConfig = {}) {
  const root = await writeApp({ ...logic, ...files })
  await symlink(join(project, 'node_modules'), join(root, 'node_modules'))
  const lines: string[] = []
  const customLogger = {
    ...createLogger('silent'),
    info: (line: string) => void lines.push(line),
  }
  const site = await serveApp({
    ...plainConfig(root),
    plugins: [bgthread({ hot: false }), plugins],
    customLogger,
    ...config,
  })
  stop = site.close
  const visited = await visit(site.url)
  const { page } = visited
  return {
    ...visited,
    lines,
    /** Saves a module five times, each time with another number, and waits until the page shows it. */
    async save(name: string, text: (n: number) => string, shown = (n: number) => `${n}: there`) {
      await expect.poll(() => page.textContent('body'), patient).toContain(shown(0))
      for (let n = 1; n <= 5; n++) {
        await writeFile(join(root, name), text(n))
        await expect.poll(() => page.textContent('body'), patient).toContain(shown(n))
      }
    },
  }
}

const logic = {
  'logic.ts': `
    import { state } from 'bgthread/worker'
    export default class { #word = state('there'); word() { return this.#word } }`,
  'by-hand.ts': `import { expose } from 'bgthread/worker'; import Logic from './logic'; expose(Logic)`,
}

const number = (n: number) => `export const n = ${n}`

/** Starts a thread, and takes its number from a module that it imports. */
const app = `
  import { bgThread } from 'bgthread'
  import { n } from './config'
  export const number = n
  export const { proxy } = bgThread(() => import('./logic'))`

/** A module that shows the number and what the thread's stream gives, and accepts changes of what it imports. */
const main = `
  import { number, proxy } from './app'
  proxy.word().subscribe((word) => (document.body.textContent = number + ': ' + word))
  import.meta.hot.accept()`

const svelteApp = {
  'main.ts': `import { mount } from 'svelte'; import App from './App.svelte'; mount(App, { target: document.body })`,
  'App.svelte': `
    <script>
      import { bgStore } from 'bgthread/svelte'
      import { number, proxy } from './app'
      const word = bgStore(proxy.word)
    </script>
    {number}: {$word}`,
}

const vueApp = {
  'main.ts': `import { createApp } from 'vue'; import App from './App.vue'; createApp(App).mount(document.body)`,
  'App.vue': `
    <script setup>
      import { useBgRef } from 'bgthread/vue'
      import { number, proxy } from './app'
      const word = useBgRef(proxy.word)
    </script>
    <template>{{ number }}: {{ word }}</template>`,
}

const frameworks = { svelte: svelte({ configFile: false }), vue: vue() }
const config = { 'app.ts': app, 'config.ts': number(0) }

interface Case {
  /** What is saved, and what it holds then. */
  saved: string
  text?: (n: number) => string
  files: Record<string, string>
  plugins?: PluginOption[]
  config?: InlineConfig
}

/** Each starts a thread when it runs, and would run again. */
const cases: Record<string, Case> = {
  'a constant that a thread’s module imports, under a Svelte component': {
    saved: 'config.ts',
    files: { ...svelteApp, ...config },
    plugins: [frameworks.svelte],
  },
  'a constant that a thread’s module imports, under a Vue component': {
    saved: 'config.ts',
    files: { ...vueApp, ...config },
    plugins: [frameworks.vue],
  },
  'a constant that page and thread import': {
    saved: 'config.ts',
    files: {
      ...svelteApp,
      ...config,
      'logic.ts': `import './config'; ${logic['logic.ts']}`,
    },
    plugins: [frameworks.svelte],
  },
  'a constant three modules below, under a base': {
    saved: 'config.ts',
    files: {
      'main.ts': main,
      'app.ts': app.replace('./config', './far'),
      'far.ts': `export * from './farther'`,
      'farther.ts': `export { n } from './config'`,
      'config.ts': number(0),
    },
    config: { base: '/deep/base/' },
  },
  'a module of threads that a module imports lazily': {
    saved: 'config.ts',
    files: {
      ...config,
      'main.ts': `import('./lazy'); import.meta.hot.accept()`,
      'lazy.ts': main.split('import.meta')[0]!,
    },
  },
  'a thread’s module itself': {
    saved: 'app.ts',
    text: (n) => `${app}; export const again = ${n}`.replace('= n', `= ${n}`),
    files: { ...config, ...svelteApp },
    plugins: [frameworks.svelte],
  },
  'a Svelte component that starts the thread': {
    saved: 'config.ts',
    files: {
      ...svelteApp,
      'config.ts': number(0),
      'App.svelte': svelteApp['App.svelte'].replace(
        `import { number, proxy } from './app'`,
        app.replaceAll('export ', ''),
      ),
    },
    plugins: [frameworks.svelte],
  },
  'a Vue component that starts the thread': {
    saved: 'config.ts',
    files: {
      ...vueApp,
      'config.ts': number(0),
      'App.vue': vueApp['App.vue'].replace(
        `import { number, proxy } from './app'`,
        app.replaceAll('export ', ''),
      ),
    },
    plugins: [frameworks.vue],
  },
  'a constant under a pool': {
    saved: 'config.ts',
    files: {
      ...config,
      'main.ts': main,
      'app.ts': app
        .replaceAll("bgThread(() => import('./logic')", `bgPool(() => import('./logic'), { size: 1 }`)
        .replace('bgThread', 'bgPool'),
    },
  },
  'a constant under a thread of Vite’s own worker import': {
    saved: 'config.ts',
    files: {
      ...config,
      'main.ts': main,
      'app.ts': `import ByHand from './by-hand?worker'; ${app.replace(`import('./logic')`, 'new ByHand()')}`,
    },
    config: { worker: { format: 'es' } },
  },
  'a constant under a module that calls for its thread in another one': {
    saved: 'config.ts',
    files: {
      ...config,
      'main.ts': main,
      'app.ts': `import { n } from './config'; import { start } from './start'; export const number = n; export const { proxy } = start('x')`,
      'start.ts': `export { start } from './factory'`,
      'factory.ts': `import { bgThread } from 'bgthread'; export const start = (name: string) => bgThread(() => import('./logic'), { name })`,
    },
    config: { base: '/deep/base/' },
  },
  'a constant under a class that makes its thread, in a module that accepts changes': {
    saved: 'config.ts',
    files: {
      ...config,
      'main.ts': `import { Store } from './store'; import { n as number } from './config'; const { proxy } = new Store(); ${main.split("./app'")[1]}`,
      'store.ts': `import { bgThread } from 'bgthread'; export class Store { proxy = bgThread(() => import('./logic')).proxy }`,
    },
  },
  'a module whose change is given on by one that accepts it': {
    saved: 'config.ts',
    files: {
      ...config,
      'main.ts': main,
      'config.ts': `${number(0)}; import.meta.hot.accept(() => import.meta.hot.invalidate())`,
    },
    text: (n) => `${number(n)}; import.meta.hot.accept(() => import.meta.hot.invalidate())`,
  },
}

describe('five saves leave one thread, and its stream is read:', { timeout: 60_000 }, () => {
  test.each(Object.keys(cases))('%s', async (title) => {
    const { saved, text = number, files, plugins, config } = cases[title]!
    const { page, save, lines } = await open(files, plugins, config)
    await save(saved, text)
    await expect.poll(() => page.workers().length, patient).toBe(1)
    expect(lines.filter((line) => line.includes('page reload')).length).toBeGreaterThanOrEqual(5)
  })
})

/** None of these starts a thread again. */
const inPlace: Record<string, Case> = {
  'a Svelte component that imports the thread’s module': {
    saved: 'App.svelte',
    text: (n) => svelteApp['App.svelte'].replace('{number}', `${n}`),
    files: { ...config, ...svelteApp },
    plugins: [frameworks.svelte],
  },
  'a Vue component that imports the thread’s module': {
    saved: 'App.vue',
    text: (n) => vueApp['App.vue'].replace('{{ number }}', `${n}`),
    files: { ...config, ...vueApp },
    plugins: [frameworks.vue],
  },
  'a constant that a thread’s module accepts itself': {
    saved: 'config.ts',
    files: {
      ...config,
      'main.ts': main,
      'app.ts': `${app}; import.meta.hot.accept('./config', (config) => proxy.word().subscribe((word) => (document.body.textContent = config.n + ': ' + word)))`,
    },
  },
  'a component that asks another module for the one thread there': {
    saved: 'App.svelte',
    text: (n) =>
      svelteApp['App.svelte']
        .replace('./app', './config')
        .replace('number, proxy', 'use')
        .replace('proxy', 'use()')
        .replace('{number}', `${n}`),
    files: {
      ...svelteApp,
      'App.svelte': svelteApp['App.svelte']
        .replace('./app', './config')
        .replace('number, proxy', 'use')
        .replace('proxy', 'use()')
        .replace('{number}', '0'),
      'config.ts': `import { bgThread } from 'bgthread'; let thread; export const use = () => (thread ??= bgThread(() => import('./logic'))).proxy`,
    },
    plugins: [frameworks.svelte],
  },
  'a module that computes something in a thread which ends': {
    saved: 'main.ts',
    text: (n) =>
      `import { bgCompute } from 'bgthread'; import.meta.hot.accept(); import './app'; bgCompute(() => import('./word')).then((word) => (document.body.textContent = ${n} + ': ' + word))`,
    files: {
      ...config,
      'main.ts': `import { bgCompute } from 'bgthread'; import.meta.hot.accept(); import './app'; bgCompute(() => import('./word')).then((word) => (document.body.textContent = 0 + ': ' + word))`,
      'word.ts': `export default () => 'there'`,
    },
  },
}

describe('five saves do not reload the page, whose one thread goes on:', { timeout: 60_000 }, () => {
  test.each(Object.keys(inPlace))('%s', async (title) => {
    const { saved, text = number, files, plugins, config } = inPlace[title]!
    const { page, save, navigations } = await open(files, plugins, config)
    await save(saved, text)
    await expect.poll(() => page.workers().length, patient).toBe(1)
    expect(navigations).toHaveLength(1)
  })
})

test('the terminal says which module was saved, and why the page reloads', { timeout: 60_000 }, async () => {
  const { save, lines } = await open({ ...config, 'main.ts': main })
  await save('config.ts', number)
  const escape = new RegExp(String.raw`\u001b\[\d+m`, 'g')
  expect(lines.map((line) => line.replace(escape, ''))).toContain(
    'page reload config.ts (app.ts runs again, and it starts a thread)',
  )
})
