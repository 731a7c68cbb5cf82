import { parseAst, type BuildOptions, type Rolldown } from 'vite'
import { describe, expect, test } from 'vitest'
import { walk } from '../../src/vite/walk.js'
import { buildApp, fixtureConfig, makeFolder, type Way } from './support/app.js'
import { describeFixture } from './support/contract.js'
import { serveFolder } from './support/serve.js'
import { firstFrame, mapInside, originOf } from './support/source-map.js'

type Output = (Rolldown.OutputChunk | Rolldown.OutputAsset)[]

/** Builds the fixture into a folder and serves that. The output is what was written. */
function built(way: Way, servedAt: string, build: BuildOptions = {}) {
  const result: { output: Output } = { output: [] }
  const start = async () => {
    const outDir = await makeFolder('dist')
    result.output = await buildApp(fixtureConfig(way, { build: { outDir, emptyOutDir: true, ...build } }))
    return serveFolder(outDir, servedAt)
  }
  return { start, result }
}

/** The names of the files, with the hashes taken out. */
const namesOf = (output: Output) =>
  output.map(({ fileName }) => fileName.replace(/-[\w-]{8}\./, '-HASH.')).sort()

const bundleOf = (output: Output) => {
  const entry = output.find((file) => file.type === 'chunk')
  return entry!
}

const atRoot = built({ place: 'first' }, '/', { sourcemap: true })
describeFixture('a build at the root of a server', atRoot.start, (app) => {
  test('leads a stack in an inline worker to the TypeScript source', async () => {
    const stack = String(await app().page.evaluate(() => window.tool('stack')))
    const codes = await app().page.evaluate(() => Promise.all(window.blobs.map((blob) => blob.text())))
    const code = codes.find((text) => text.includes('this line is in the map'))!
    const { line, column } = firstFrame(stack)
    const origin = originOf(mapInside(code), line, column)
    expect(origin.source).toBe('src/toolbox.ts')
    expect(origin.line).toContain(`new Error('this line is in the map')`)
  })

  test("keeps the page's source map true behind a replaced load, in line and column", () => {
    const bundle = bundleOf(atRoot.result.output)
    const lines = bundle.code.split('\n')
    const line = lines.findIndex((text) => /name:\s*[`"']toolbox/.test(text))
    const column = lines[line]!.search(/name:\s*[`"']toolbox/)
    const origin = originOf(JSON.stringify(bundle.map), line + 1, column + 1)
    expect(origin.source).toBe('src/main.ts')
    expect(origin.line).toBe(`const toolbox = bgThread(() => import('./toolbox'), { name: 'toolbox' })`)
    expect(origin.line.slice(origin.column)).toMatch(/^name: 'toolbox'/)
  })
})

// The bundle is two folders deep: what is relative to a worker is not relative to the bundle.
const output = { entryFileNames: 'deep/down/[name]-[hash].js' }
const below = built({ place: 'last', base: './' }, '/some/where/', { rolldownOptions: { output } })
describeFixture('a build with a relative base, served below a path', below.start, (app) => {
  test('writes no file besides the bundle and the assets', () => {
    expect(namesOf(below.result.output)).toEqual([
      'assets/add-HASH.wasm',
      // The user's own, by `new Worker(new URL('./by-hand.ts', import.meta.url))`.
      'assets/by-hand-HASH.js',
      'assets/note-HASH.txt',
      'deep/down/index-HASH.js',
      'index.html',
    ])
  })

  test('imports nothing from a chunk in the code of a worker', async () => {
    const codes = await app().page.evaluate(() => Promise.all(window.blobs.map((blob) => blob.text())))
    expect(codes.length).toBeGreaterThan(0)
    for (const code of codes) {
      const imports: string[] = []
      walk(parseAst(code), (node) => {
        if (/^(Import(Declaration|Expression)|Export.*Declaration)$/.test(node.type)) imports.push(node.type)
      })
      expect(imports).toEqual([])
    }
  })

  test('carries the code of a logic once, however many threads run it', () => {
    const bundle = bundleOf(below.result.output)
    const spawns = bundle.moduleIds.filter((id) => id.includes('/spawn/')).sort()
    expect(spawns).toEqual([
      '\0bgthread/spawn/Counter/src/named.ts.js',
      '\0bgthread/spawn/default/src/place.ts.js',
      '\0bgthread/spawn/default/src/toolbox.ts.js',
      '\0bgthread/spawn/makeCounter/src/named.ts.js',
    ])
    // One for each of these, and one for the thread inside the toolbox.
    expect(bundle.code.match(/XMLHttpRequest\.prototype/g)).toHaveLength(5)
  })

  test('is plain ASCII', () => {
    expect(bundleOf(below.result.output).code).toMatch(/^[\0-\x7F]*$/)
  })

  test('makes one blob of JavaScript of each logic, for all its threads, and keeps its URL', async () => {
    const types = await app().page.evaluate(() => window.blobs.map((blob) => blob.type))
    expect(types).toEqual(['text/javascript', 'text/javascript', 'text/javascript', 'text/javascript'])
    expect(await app().page.evaluate(() => window.revokedUrls)).toEqual([])
  })
})

const files = built({ place: 'first', base: './', inline: false }, '/some/where/')
describeFixture('a build with inline: false', files.start, (app) => {
  test('writes one hashed file for each logic, and one for each import() in it', () => {
    expect(namesOf(files.result.output)).toEqual([
      'assets/add-HASH.wasm',
      'assets/by-hand-HASH.js',
      'assets/grandchild-HASH.js',
      'assets/index-HASH.js',
      'assets/later-HASH.js',
      'assets/named-HASH.js',
      'assets/named-HASH.js',
      'assets/note-HASH.txt',
      'assets/place-HASH.js',
      'assets/toolbox-HASH.js',
      'assets/toolbox-shared-HASH.js',
      'index.html',
    ])
  })

  test('starts the worker from its file and makes no blob', async () => {
    const script = String(await app().page.evaluate(() => window.tool('script')))
    expect(new URL(script).pathname).toMatch(/^\/some\/where\/assets\/toolbox-[\w-]{8}\.js$/)
    expect(await app().page.evaluate(() => window.blobs.length)).toBe(0)
  })

  test("has nothing of a blob's launcher and prelude in the page's bundle", () => {
    expect(bundleOf(files.result.output).code).not.toMatch(/new Blob|XMLHttpRequest\.prototype/)
  })
})

describe('a build for a server', () => {
  test('keeps the lazy import and has no worker', async () => {
    const ssr = { ssr: 'src/main.ts', write: false } as const
    const output = await buildApp(fixtureConfig({ place: 'first' }, { build: ssr }))
    const code = output.map((file) => (file.type === 'chunk' ? file.code : '')).join('\n')
    const [call] = /bgThread\(.*toolbox.*/.exec(code) ?? []
    expect(call).toMatch(
      /^bgThread\(\(\) => import\("\.\/(assets\/)?toolbox-[\w-]+\.js"\).*, \{ name: "toolbox" \}\)/,
    )
    expect(code.includes('createObjectURL')).toBe(false)
  })
})
