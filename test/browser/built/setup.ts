/** Builds the contract's logic into an inline worker, before the browser's tests run. */
import { fileURLToPath } from 'node:url'
import { build } from 'vite'
import bgthread from '../../../src/vite/index.js'
import { alias } from '../../../vite.config'

export default async function buildContract(): Promise<void> {
  const here = (path: string) => fileURLToPath(new URL(path, import.meta.url))
  await build({
    configFile: false,
    // A worker in a file of its own is beside the entry.
    base: './',
    logLevel: 'warn',
    plugins: [bgthread()],
    // The page's side is the tests' own copy, so that error classes are the same; the worker brings its own.
    resolve: { alias: alias.filter(({ find }) => !find.test('bgthread')) },
    build: {
      outDir: here('./out'),
      emptyOutDir: true,
      minify: true,
      lib: { entry: here('./entry.ts'), formats: ['es'], fileName: 'entry' },
      rolldownOptions: { external: ['bgthread'] },
    },
  })
}
