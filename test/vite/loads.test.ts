import { readdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { svelte } from '@sveltejs/vite-plugin-svelte'
import { build, createLogger, type InlineConfig, type Rolldown } from 'vite'
import { describe, expect, test } from 'vitest'
import bgthread from 'bgthread/vite'
import { buildApp, plainConfig, writeApp } from './support/app.js'
import { patient } from './support/patient.js'
import { standIn } from './support/stand-in.js'

/** Builds a small app with the plugin. */
async function make(files: Record<string, string>, config: InlineConfig = {}) {
  const root = await writeApp({ 'logic.ts': `export default class { where() {} }`, ...files })
  const warnings: string[] = []
  const customLogger = { ...createLogger('silent'), warn: (message: string) => warnings.push(message) }
  const own: InlineConfig = { plugins: [bgthread()], build: { write: false }, customLogger }
  const output = await buildApp({ ...plainConfig(root), ...own, ...config })
  const code = output.map((file) => (file.type === 'chunk' ? file.code : '')).join('\n')
  return {
    root,
    output,
    code,
    warnings,
    names: output.map(({ fileName }) => fileName.replace(/-[\w-]{8}\./, '.')),
  }
}

describe('a load whose path is only known at run time', () => {
  test.each([
    ['a variable', '() => import(path)'],
    ['a template with a beginning', '() => import(`./${path}.ts`)'],
    ['an ignored one', '() => import(/* @vite-ignore */ path)'],
  ])('fails the build where it is %s, with file, line and the way to write it', async (_what, load) => {
    const main = `import { bgThread } from 'bgthread'\ninterface Gone {}\nconst path: string = location.hash\n\nbgThread(${load})`
    await expect(make({ 'main.ts': main })).rejects.toThrow(
      /main\.ts:5: bgThread\(\) cannot tell which module .*Write bgThread\(\(\) => import\('\.\/logic'\)\)/,
    )
  })

  test('fails with the line of the component', async () => {
    const app = `<p>text</p>\n\n<script lang="ts">\n  import { bgThread } from 'bgthread'\n  export let path: string\n  bgThread(() => import(path))\n</script>`
    const main = `import App from './App.svelte'; new App({ target: document.body })`
    const plugins = [bgthread(), svelte({ configFile: false })]
    await expect(make({ 'main.ts': main, 'App.svelte': app }, { plugins })).rejects.toThrow(/App\.svelte:6: /)
  })
})

describe('a load that the plugin does not see through', () => {
  test('is left alone with a warning where it imports a known module', async () => {
    const main = `import { bgThread } from 'bgthread'\n\nbgThread(() => import('./logic').then((m) => Object(m.default)))`
    const { names, warnings } = await make({ 'main.ts': main })
    expect(names).toContain('assets/logic.js')
    expect(warnings.join()).toMatch(/main\.ts:3: bgThread\(\) loads a module in a form .*Write bgThread/)
  })

  test('is left alone where it comes from elsewhere', async () => {
    const main = `import { bgThread } from 'bgthread'; import { load } from './load'; bgThread(load)`
    const { names, warnings } = await make({
      'main.ts': main,
      'load.ts': `export const load = () => import('./logic')`,
    })
    expect(names).toContain('assets/logic.js')
    expect(warnings).toEqual([])
  })

  test('is left alone where it makes a worker by hand', async () => {
    const main = `import { bgThread } from 'bgthread'; import Hand from './hand?worker&inline'; bgThread(() => new Hand())`
    const hand = `import { expose } from 'bgthread/worker'; import Logic from './logic'; expose(Logic)`
    const { names, code } = await make({ 'main.ts': main, 'hand.ts': hand })
    expect(names).toEqual(['assets/index.js', 'index.html'])
    expect(code).not.toContain('__bgthread')
  })
})

describe('a build', { timeout: 30_000 }, () => {
  const main = `import { bgThread } from 'bgthread'; bgThread(() => import('./logic'))`

  test('emits no lazy chunk for a const load', async () => {
    const files = `import { bgThread } from 'bgthread'; const load = () => import('./logic'); bgThread(load)`
    expect((await make({ 'main.ts': files })).names).toEqual(['assets/index.js', 'index.html'])
  })

  test('has nothing of the styles that a logic imports, and warns of each once', async () => {
    const { names, code, warnings } = await make(
      {
        'main.ts': `${main}; bgThread(() => import('./logic').then((m) => m.Other))`,
        'logic.ts': `
          import './style.css'
          import names from './names.module.css'
          import text from './text.css?inline'
          export default class { names() { return [names.row, text] } }
          export class Other {}`,
        'style.css': 'body { background: url(./picture.png) }',
        'names.module.css': '.row { color: tomato }',
        'text.css': 'body { --flower: thistle }',
        'picture.png': '',
      },
      { build: { write: false, assetsInlineLimit: 0 } },
    )
    expect(names).toEqual(['assets/index.js', 'index.html'])
    expect(['tomato', 'thistle', '.png'].map((word) => code.includes(word))).toEqual([false, true, false])
    expect(code).toMatch(/_row_\w+/)
    const end = 'a thread has no page to style; import it in a component'
    // On a slow machine the bundler warns of the time that plugins take.
    expect(warnings.filter((text) => !text.includes('PLUGIN_TIMINGS')).sort()).toEqual([
      expect.stringContaining(`logic.ts imports ./names.module.css: ${end}`),
      expect.stringContaining(`logic.ts imports ./style.css: ${end}`),
    ])
  })

  test("leaves the page's own styles alone", async () => {
    const { names, warnings } = await make({
      'main.ts': `import './style.css'; ${main}`,
      'style.css': 'body { color: tomato }',
    })
    expect(names.sort()).toEqual(['assets/index.css', 'assets/index.js', 'index.html'])
    expect(warnings).toEqual([])
  })

  test('has nothing of a logic whose thread is never started', async () => {
    const app = `import { bgThread } from 'bgthread'; export const start = () => bgThread(() => import('./logic')); export const used = 1`
    const { code } = await make({
      'main.ts': `import { used } from './app'; console.warn(used)`,
      'app.ts': app,
    })
    expect(code).not.toMatch(/bgthread|createObjectURL/)
  })

  test("leaves the format of the user's own workers as it is", async () => {
    const own = `new Worker(new URL('./own.ts', import.meta.url)); ${main}`
    const { output } = await make({ 'main.ts': own, 'own.ts': `const a: number = 1; postMessage(a)` })
    const worker = output.find(({ fileName }) => /own-/.test(fileName))
    expect(worker?.type === 'asset' && String(worker.source)).toMatch(/^\(function\(\)/)
  })

  test('fails where a logic would start its own thread without end', async () => {
    const logic = `import { bgThread } from 'bgthread'; bgThread(() => import('./logic')); export default class {}`
    await expect(make({ 'main.ts': main, 'logic.ts': logic })).rejects.toThrow(
      /the thread of .*logic\.ts would start itself again and again/,
    )
  })

  test.each(['bgThread', 'bgPool', 'bgCompute'])(
    'fails where another thread would start it by %s',
    async (starts) => {
      const logic = `import { bgThread } from 'bgthread'; export default class { x = bgThread(() => import('./other')) }`
      const other = `import { ${starts} } from 'bgthread'; export default class { x = ${starts}(() => import('./logic')) }`
      await expect(
        make({ 'main.ts': main, 'logic.ts': logic, 'other.ts': other, ...standIn }, { resolve: {} }),
      ).rejects.toThrow(/the thread of .*logic\.ts would start itself again and again/)
    },
  )

  test('names the missing module where a load finds none', async () => {
    await expect(make({ 'main.ts': main.replace('./logic', './missing') })).rejects.toThrow(/\.\/missing/)
  })

  test('fails with the error of the logic where that does not compile', async () => {
    await expect(make({ 'main.ts': main, 'logic.ts': `export default class { ( }` })).rejects.toThrow(
      /logic\.ts/,
    )
  })

  test('shows no source where source maps are hidden', async () => {
    const { code } = await make({ 'main.ts': main }, { build: { write: false, sourcemap: 'hidden' } })
    expect(code).not.toContain('sourceMappingURL')
  })

  test('is made again when a file that only a thread imports changes', async () => {
    const logic = `import { word } from './word'; export default class { where() { return word } }`
    const root = await writeApp({
      'main.ts': main,
      'logic.ts': logic,
      'word.ts': `export const word = 'first edition'`,
    })
    const outDir = join(root, 'dist')
    const watcher = await build({ ...plainConfig(root), plugins: [bgthread()], build: { outDir, watch: {} } })
    if (!('on' in watcher)) throw new Error('not a watcher')
    let built = ''
    watcher.on('event', async (event: Rolldown.RolldownWatcherEvent) => {
      if (event.code === 'BUNDLE_END') built = await bundleIn(outDir)
      if (event.code === 'BUNDLE_END' || event.code === 'ERROR') await event.result?.close()
    })
    await expect.poll(() => built, patient).toContain('first edition')
    await writeFile(join(root, 'word.ts'), `export const word = 'second edition'`)
    await expect.poll(() => built, patient).toContain('second edition')
    await watcher.close()
  })
})

/** The code of all scripts in the folder of a build. */
async function bundleIn(folder: string): Promise<string> {
  const names = await readdir(join(folder, 'assets'))
  return (await Promise.all(names.map((name) => readFile(join(folder, 'assets', name), 'utf8')))).join('\n')
}
