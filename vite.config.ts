import { fileURLToPath } from 'node:url'
import { svelte } from '@sveltejs/vite-plugin-svelte'
import vue from '@vitejs/plugin-vue'
import { playwright } from '@vitest/browser-playwright'
import { defineConfig, type TestProjectInlineConfiguration } from 'vitest/config'
import type { BrowserProviderOption } from 'vitest/node'
import { findBrowser } from './scripts/browser.mjs'
import bgthread from './src/vite/index.js'
import { firefox } from './test/support/firefox.js'

const source = (path: string) => fileURLToPath(new URL(`./src/${path}`, import.meta.url))

/** After every test nothing is open. */
const setupFiles = ['test/support/patience.ts', 'test/support/at-rest.ts']

/** Tests and the playground import the package by its name and get its source. */
export const alias = [
  { find: /^bgthread$/, replacement: source('core/index.ts') },
  { find: /^bgthread\/worker$/, replacement: source('core/worker.ts') },
  { find: /^bgthread\/client$/, replacement: source('core/outward.ts') },
  { find: /^bgthread\/shared$/, replacement: source('core/shared.ts') },
  { find: /^bgthread\/shared-worker$/, replacement: source('core/shared-worker.ts') },
  { find: /^bgthread\/hot$/, replacement: source('hot/index.ts') },
  { find: /^bgthread\/svelte$/, replacement: source('svelte/index.ts') },
  { find: /^bgthread\/vue$/, replacement: source('vue/index.ts') },
  { find: /^bgthread\/vite$/, replacement: source('vite/index.ts') },
]

// The tests that start a browser of their own find it here.
const chromium = findBrowser() ?? ''
process.env['BGTHREAD_CHROMIUM'] ||= chromium

/**
 * The contract comes several times: over workers of a build, and in ways that take three to four times as long to start
 * a thread, or are the same but for a pool. In Firefox these are left to the long run; all other tests there use them.
 */
const slow = process.env['VITE_LONG']
  ? []
  : ['', '-pool', '-shared', '-elected'].map((way) => `test/browser/contract${way}.browser.test.ts`)

/** The tests of real browsers, in one of them. */
const inBrowser = (
  name: string,
  browser: 'chromium' | 'firefox',
  provider: BrowserProviderOption,
  exclude: string[] = [],
): TestProjectInlineConfiguration => ({
  extends: true,
  plugins: [bgthread()],
  // All that a test may import, or the run reloads half-way when it meets a new one.
  optimizeDeps: {
    include: [
      '@vitest/browser/locators',
      'fast-check',
      'rxjs',
      'svelte',
      'svelte/reactivity',
      'svelte/store',
      'vitest-browser-svelte',
      'vitest-browser-vue',
      'vue',
    ],
  },
  test: {
    name,
    include: ['test/browser/**/*.test.{ts,tsx}'],
    exclude: ['**/*.e2e.test.ts', ...exclude],
    testTimeout: 20_000,
    setupFiles,
    globalSetup: ['test/browser/built/setup.ts'],
    browser: {
      enabled: true,
      headless: true,
      screenshotFailures: false,
      provider,
      instances: [{ browser }],
    },
  },
})

/** How long tests of built pages may take. */
const ofPages = { testTimeout: 60_000, hookTimeout: 120_000, expect: { poll: { timeout: 10_000 } } }

/** Modules of the core that may be in several entries. */
const shared = /src\/core\/(?!iterator|outward|attach|line-to|meeting|elected|channel)/

export default defineConfig({
  plugins: [svelte({ configFile: false }), vue()],
  resolve: { alias },
  publicDir: false,
  build: {
    target: 'es2022',
    minify: false,
    sourcemap: true,
    lib: {
      entry: {
        index: source('core/index.ts'),
        worker: source('core/worker.ts'),
        client: source('core/outward.ts'),
        shared: source('core/shared.ts'),
        'shared-worker': source('core/shared-worker.ts'),
        // No public entry: `index` loads it where a logic runs in process.
        'in-process': source('core/in-process.ts'),
        hot: source('hot/index.ts'),
        svelte: source('svelte/index.ts'),
        vue: source('vue/index.ts'),
        vite: source('vite/index.ts'),
      },
      formats: ['es'],
      fileName: (_format, name) => `${name}.js`,
    },
    rolldownOptions: {
      external: [/^svelte($|\/)/, 'vue', 'vite', /^node:/],
      output: {
        chunkFileNames: 'shared/[name].js',
        minifyInternalExports: false,
        // What several entries share: the adapters' own part, what clients need, what a page and a client need, what a
        // worker and a thread in process need, and what all need. Kept apart, because bundlers leave a module whole
        // that two chunks need.
        codeSplitting: {
          groups: [
            { name: 'adapter', test: /core\/adapter\.ts$/, priority: 5 },
            { name: 'iterator', test: /core\/iterator\.ts$/, priority: 5 },
            { name: 'core', test: shared, minShareCount: 4, priority: 4 },
            { name: 'page', test: shared, minShareCount: 3, priority: 3 },
            { name: 'thread', test: shared, minShareCount: 2, priority: 2 },
            // What the plugin and the code that it serves in development know of each other.
            { name: 'hot-shared', test: /hot\/(events|text-hash)\.ts$/, priority: 1 },
            { name: 'attach', test: /core\/(attach|line-to)\.ts$/, priority: 1 },
            { name: 'elected', test: /core\/(elected|channel)\.ts$/, priority: 1 },
          ],
        },
      },
    },
  },
  test: {
    projects: [
      {
        extends: true,
        resolve: { conditions: ['browser'] },
        test: {
          name: 'unit',
          // A file that needs a document begins with `// @vitest-environment happy-dom`.
          environment: 'node',
          testTimeout: 20_000,
          setupFiles,
          // Whatever no other project takes, so that no test is forgotten.
          include: ['test/**/*.test.ts'],
          exclude: [
            '**/node_modules/**',
            '**/*.e2e.test.ts',
            'test/{ssr,vite,docs,browser,package,frameworks,playground,bench}/**',
          ],
        },
      },
      {
        extends: true,
        test: {
          name: 'node',
          environment: 'node',
          testTimeout: 20_000,
          setupFiles,
          include: ['test/{ssr,vite,docs}/**/*.test.ts'],
          exclude: ['**/*.e2e.test.ts'],
        },
      },
      inBrowser(
        'browser',
        'chromium',
        playwright({ launchOptions: { executablePath: chromium, args: ['--no-sandbox'] } }),
      ),
      inBrowser('firefox', 'firefox', firefox(findBrowser('firefox')), slow),
      {
        extends: true,
        test: {
          name: 'frameworks',
          environment: 'node',
          // Projects of users, installed from the registry: after `npm run build`.
          include: ['test/frameworks/**/*.test.ts'],
          testTimeout: 300_000,
          hookTimeout: 600_000,
        },
      },
      {
        extends: true,
        test: {
          name: 'e2e',
          environment: 'node',
          // Over the built package (dist) and built pages: after `npm run build`.
          include: ['test/**/*.e2e.test.ts', 'test/package/**/*.test.ts'],
          exclude: ['test/{playground,bench}/**'],
          ...ofPages,
        },
      },
      {
        extends: true,
        resolve: { conditions: ['browser'] },
        test: {
          name: 'apps',
          environment: 'node',
          setupFiles,
          // What is made with the library: after `npm run build`.
          include: ['test/{playground,bench}/**/*.test.ts'],
          ...ofPages,
        },
      },
    ],
  },
})
