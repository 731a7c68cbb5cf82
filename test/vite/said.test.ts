/** What a build prints, and the source maps that it writes. */
import { afterEach, describe, expect, test, vi } from 'vitest'
import { createLogger, type InlineConfig } from 'vite'
import bgthread, { type BgthreadOptions } from 'bgthread/vite'
import { buildApp, plainConfig, writeApp } from './support/app.js'
import { standIn } from './support/stand-in.js'

const main = `import { bgThread } from 'bgthread'; window.load = bgThread(() => import('./outer'))`
const files = {
  ...standIn,
  'main.ts': main,
  'outer.ts': `import { bgThread } from 'bgthread'; const load = bgThread(() => import('./inner')); export default class { x() { return load } }`,
  'inner.ts': `export default class { x(word: string) { return word + 'of the inner one' } }`,
}

/** Builds an app, and gives its files by their names without hashes, and its warnings. */
async function make(
  build: InlineConfig['build'],
  options: BgthreadOptions = {},
  more: Record<string, string> = {},
) {
  const root = await writeApp({ ...files, ...more })
  const warnings: string[] = []
  const customLogger = { ...createLogger('silent'), warn: (message: string) => warnings.push(message) }
  const own = { ...plainConfig(root), resolve: {}, plugins: [bgthread(options)], customLogger }
  const output = await buildApp({ ...own, build: { write: false, ...build } })
  const texts = output.map((file) => [
    file.fileName.replace(/-[\w-]{8}\./, '.'),
    file.type === 'chunk' ? file.code : String(file.source),
  ])
  return { files: Object.fromEntries(texts) as Record<string, string>, warnings }
}

/** The source maps that are in some code, at any depth. */
const mapsIn = (code: string) =>
  [...code.matchAll(/sourceMappingURL=data:application\/json;(?:charset=utf-8;)?base64,([\w+/=]+)/g)].map(
    ([, base64 = '']) => Buffer.from(base64, 'base64').toString(),
  )

describe('source maps of inline workers', () => {
  test("are in the page's bundle with sourcemap: true, one for each thread and none in another one, with one warning", async () => {
    const { files, warnings } = await make({ sourcemap: true })
    const maps = mapsIn(files['assets/index.js']!)
    expect(maps).toHaveLength(2)
    for (const map of maps) expect(map).not.toContain('sourceMappingURL')
    expect(maps.filter((map) => map.includes('of the inner one'))).toHaveLength(1)
    expect(files['assets/index.js.map']).not.toMatch(/sourceMappingURL|of the inner one/)
    expect(warnings).toEqual([
      expect.stringMatching(/carries \d+ kB of source maps .*build.sourcemap: 'hidden'/),
    ])
  })

  test("are files of their own with sourcemap: 'hidden', and the bundle is that of a build without maps", async () => {
    const { files, warnings } = await make({ sourcemap: 'hidden' })
    const without = await make({ sourcemap: false })
    expect(files['assets/index.js']).toBe(without.files['assets/index.js'])
    const maps = ['assets/index.js.map', 'assets/inner.js.map', 'assets/outer.js.map']
    expect(Object.keys(files).sort()).toEqual(['assets/index.js', ...maps, 'index.html'].sort())
    for (const map of maps) expect(files[map]).not.toContain('sourceMappingURL')
    expect(maps.map((map) => files[map]!.includes('of the inner one'))).toEqual([false, true, false])
    expect([...warnings, ...without.warnings]).toEqual([])
  })

  test('count the line that the launcher puts in front, also in a file', async () => {
    const { files } = await make({ sourcemap: 'hidden' })
    const { mappings } = JSON.parse(files['assets/inner.js.map']!) as { mappings: string }
    expect(mappings).toMatch(/^;/)
  })

  test("are in the code with sourcemap: 'inline', with one warning", async () => {
    const { files, warnings } = await make({ sourcemap: 'inline' })
    expect(mapsIn(files['assets/index.js']!)).toHaveLength(3)
    expect(Object.keys(files).sort()).toEqual(['assets/index.js', 'index.html'])
    expect(warnings).toHaveLength(1)
  })

  test('are files with inline: false, without a warning', async () => {
    const { files, warnings } = await make({ sourcemap: true }, { inline: false })
    expect(Object.values(files).flatMap(mapsIn)).toEqual([])
    expect(Object.keys(files)).toEqual(expect.arrayContaining(['assets/inner.js.map', 'assets/outer.js.map']))
    expect(warnings).toEqual([])
  })
})

describe('a build', () => {
  afterEach(() => vi.restoreAllMocks())

  test.each([undefined, 'info'] as const)(
    'prints its banner once with the log level %s',
    async (logLevel) => {
      const lines: string[] = []
      const collect = (line: unknown) => void lines.push(String(line))
      for (const method of ['log', 'info', 'warn', 'error'] as const)
        vi.spyOn(console, method).mockImplementation(collect)
      const config = { ...plainConfig(await writeApp(files)), resolve: {}, plugins: [bgthread()], logLevel }
      await buildApp({ ...config, build: { write: false } })
      expect(lines.filter((line) => /building .* environment/.test(line))).toHaveLength(1)
      expect(lines.filter((line) => line.includes('built in'))).toHaveLength(1)
    },
  )

  test('passes on what the build of a thread inside a thread warns of', async () => {
    const { warnings } = await make(
      {},
      {},
      { 'inner.ts': `export default class { x() { return eval('1') } }` },
    )
    expect(warnings.join()).toContain('inner.ts')
  })

  test('names the modules through which a thread would start itself', async () => {
    const inCircle = {
      'outer.ts': `import { start } from './lib/index'; export default class { x() { return start } }`,
      'lib/index.ts': `export * from './start'`,
      'lib/start.ts': `import { bgThread } from 'bgthread'; export const start = bgThread(() => import('../other'))`,
      'other.ts': `export default class { x() { return import('./lazy') } }`,
      'lazy.ts': `import { bgThread } from 'bgthread'; export const again = bgThread(() => import('./outer'))`,
    }
    await expect(make({}, {}, inCircle)).rejects.toThrow(
      'calls bgThread() with it (outer.ts → lib/index.ts → lib/start.ts → other.ts → lazy.ts → bgThread())',
    )
  })

  test('names only the modules of the circle where others lead to it', async () => {
    const inCircle = {
      'outer.ts': `import { bgThread } from 'bgthread'; export default class { x = bgThread(() => import('./other')) }`,
      'other.ts': `import { bgThread } from 'bgthread'; export default class { x = bgThread(() => import('./other')) }`,
    }
    await expect(make({}, {}, inCircle)).rejects.toThrow('(other.ts → bgThread())')
  })
})
