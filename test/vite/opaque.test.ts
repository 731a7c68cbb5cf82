/** Pages whose origin is `'null'`: frames that may run scripts and nothing else, and pages that are opened as files. */
import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import type { Frame } from 'playwright'
import { beforeAll, describe, expect, test } from 'vitest'
import bgthread from 'bgthread/vite'
import { buildApp, plainConfig, writeApp } from './support/app.js'
import { visit } from './support/browser.js'
import { patient } from './support/patient.js'

const files = {
  'main.ts': `
    import { bgThread } from 'bgthread'
    const told = (promise) => promise.then(String, (error) => error.code + ': ' + error.message)
    window.start = async () => {
      const thread = bgThread(() => import('./logic'), { args: ['été ✓'] })
      const first = await told(thread.proxy.greet())
      const again = await thread.restart().then(() => told(thread.proxy.greet()), String)
      thread.terminate()
      return [self.origin, first, again]
    }
    window.startOuter = () => told(bgThread(() => import('./outer')).proxy.greet())`,
  'logic.ts': `
    export default class {
      constructor(name) { this.name = name }
      greet() { return ['hello', this.name, 'ω', 'document' in globalThis].join(' ') }
    }`,
  'outer.ts': `
    import { bgThread } from 'bgthread'
    export default class {
      #inner = bgThread(() => import('./logic'), { args: ['inner'] })
      greet() { return this.#inner.proxy.greet() }
    }`,
  'public/frame.html': '<iframe sandbox="allow-scripts" src="./index.html"></iframe>',
}

let root: string
beforeAll(async () => {
  root = await writeApp(files)
  for (const kind of ['inline', 'file'] as const) {
    const outDir = join(root, kind)
    const output = await buildApp({
      ...plainConfig(root),
      plugins: [bgthread({ inline: kind === 'inline' })],
      build: { outDir },
    })
    // Browsers load no module from a file: a page that is to be opened as one has its script in place.
    const { fileName } = output.find((file) => file.type === 'chunk' && file.isEntry)!
    const script = await readFile(join(outDir, fileName), 'utf8')
    await writeFile(
      join(outDir, 'one.html'),
      `<meta charset="utf-8"><script type="module">${script}</script>`,
    )
  }
}, 60_000)

/** @returns the frame, which has loaded */
async function openFrame(kind: 'inline' | 'file'): Promise<Frame> {
  const { page } = await visit('about:blank')
  // Scripts of the frame are of another origin than it is.
  const headers = { 'access-control-allow-origin': '*' }
  await page.route('http://opaque.test/**', (route) =>
    route.fulfill({ path: join(root, kind, new URL(route.request().url()).pathname), headers }),
  )
  await page.goto('http://opaque.test/frame.html')
  const frame = page.frames().at(-1) as Frame
  await expect.poll(() => frame.evaluate(() => 'start' in window), patient).toBe(true)
  return frame
}

type Starts = Record<'start' | 'startOuter', () => Promise<string[]>>
const run = (frame: Frame, what: keyof Starts) =>
  frame.evaluate((what) => (window as unknown as Starts)[what](), what)

test('an inline worker starts, and starts again', async () => {
  const frame = await openFrame('inline')
  const hello = 'hello été ✓ ω false'
  expect(await run(frame, 'start')).toEqual(['null', hello, hello])
})

test('a thread within such a thread starts, too', async () => {
  expect(await run(await openFrame('inline'), 'startOuter')).toBe('hello inner ω false')
})

test('a worker that is a file cannot start, and the error says what can', async () => {
  const [origin, error] = await run(await openFrame('file'), 'start')
  expect(origin).toBe('null')
  expect(error).toMatch(/^START_FAILED: .*origin of this page is opaque.*inline: false.*fallback/)
  expect(error).not.toContain('..')
})

describe('a page that is opened as a file', () => {
  async function openFile(kind: 'inline' | 'file'): Promise<Frame> {
    const { page } = await visit(pathToFileURL(join(root, kind, 'one.html')).href)
    await expect.poll(() => page.evaluate(() => 'start' in window), patient).toBe(true)
    return page.mainFrame()
  }

  test('starts an inline worker, starts it again, and starts a thread within it', async () => {
    const page = await openFile('inline')
    const hello = 'hello été ✓ ω false'
    expect(await run(page, 'start')).toEqual(['null', hello, hello])
    expect(await run(page, 'startOuter')).toBe('hello inner ω false')
  })

  test('starts no worker that is a file, and the error says what can be done', async () => {
    const [, error] = await run(await openFile('file'), 'start')
    expect(error).toMatch(
      /^START_FAILED: .*origin of this page is opaque, as of a file:\/\/ URL.*inline: false.*fallback/,
    )
  })
})
