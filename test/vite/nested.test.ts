/** Threads that start threads that start threads, in real pages. */
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import bgthread from 'bgthread/vite'
import { buildApp, plainConfig, serveApp, writeApp } from './support/app.js'
import { closeBrowser, visit, type Visit } from './support/browser.js'
import { patient } from './support/patient.js'
import { serveFolder, type Site } from './support/serve.js'

/** What the page puts on `window`. */
declare global {
  interface Window {
    nested: {
      start(name: string): Promise<void>
      call(action: 'deepest' | 'loseMiddle' | 'end' | 'pair'): Promise<unknown>
      terminate(): void
    }
  }
}

const files = {
  'main.ts': `
    import { bgThread } from 'bgthread'
    let outer
    window.nested = {
      start: (name) => (outer = bgThread(() => import('./outer'), { name, restart: false })).ready,
      call: (action) => outer.proxy[action]().catch((error) => error.code),
      terminate: () => outer.terminate(),
    }
    document.title = 'loaded'`,
  'outer.ts': `
    import * as bg from 'bgthread'
    export default class Outer {
      #middle = bg.bgThread(() => import('./deep/middle').then((m) => m.Middle), { name: 'middle' })
      async onStart() {
        await this.#middle.proxy.deepest()
      }
      deepest() {
        return this.#middle.proxy.deepest()
      }
      async loseMiddle() {
        const died = await this.#middle.proxy.end().catch((error) => error.code)
        return [died, ...(await this.#middle.proxy.deepest())]
      }
      pair() {
        const two = [1, 2].map(() => bg.bgThread(() => import('./deep/inner'), { name: 'of two' }))
        return Promise.all(two.map(({ proxy }) => proxy.name()))
      }
      end() {
        self.close()
      }
    }`,
  'deep/middle.ts': `
    import { bgThread as start } from 'bgthread'
    const inner = start(() => import('./inner'), { name: 'inner' })
    export class Middle {
      deepest() {
        return inner.proxy.tell()
      }
      end() {
        self.close()
        return new Promise(() => {})
      }
    }`,
  'deep/inner.ts': `
    import noteUrl from './note.txt?url'
    const text = async (url) => (await (await fetch(url)).text()).trim()
    export default class Inner {
      name() {
        return self.name
      }
      async tell() {
        const note = new URL('./note.txt', import.meta.url)
        return [self.name, 'document' in self, await text('./data.json'), await text(noteUrl), await text(note)]
      }
    }`,
  'deep/note.txt': 'a note',
  'public/data.json': '"data"',
}
const told = ['inner', false, '"data"', 'a note', 'a note']

const roots: string[] = []
afterAll(async () => {
  await closeBrowser()
  for (const root of roots) await rm(root, { recursive: true, force: true })
})

async function write(files: Record<string, string>): Promise<string> {
  const root = await writeApp(files)
  roots.push(root)
  return root
}

/** Builds the app and serves it. The names are those of the files written, without hashes. */
async function build(base: string, servedAt: string, inline: boolean): Promise<Site & { names: string[] }> {
  const root = await write(files)
  const outDir = await mkdtemp(join(tmpdir(), 'bgthread-dist-'))
  roots.push(outDir)
  const config = { ...plainConfig(root), base, plugins: [bgthread({ inline })] }
  const output = await buildApp({ ...config, build: { outDir, assetsInlineLimit: 0, emptyOutDir: true } })
  const names = output.map(({ fileName }) => fileName.replace(/-[\w-]{8}\./, '.')).sort()
  return { ...(await serveFolder(outDir, servedAt)), names }
}

const serve = async (base?: string) => {
  const config = plainConfig(await write(files))
  return { ...(await serveApp({ ...config, base, plugins: [bgthread()] })), names: [] }
}

interface Way {
  way: string
  start: () => Promise<Site & { names: string[] }>
  /** The files that a build writes. */
  names?: string[]
  /** How many blobs the page makes. */
  blobs: number
}

const inOneFile = ['assets/index.js', 'assets/note.txt', 'index.html']
const inFiles = [
  'assets/index.js',
  'assets/inner.js',
  'assets/middle.js',
  'assets/note.txt',
  'assets/outer.js',
  'index.html',
]
const ways: Way[] = [
  { way: 'a build', start: () => build('/', '/', true), names: inOneFile, blobs: 1 },
  {
    way: 'a build with a relative base',
    start: () => build('./', '/some/where/', true),
    names: inOneFile,
    blobs: 1,
  },
  {
    way: 'a build with inline: false',
    start: () => build('/some/where/', '/some/where/', false),
    names: inFiles,
    blobs: 0,
  },
  { way: 'a development server', start: () => serve(), blobs: 0 },
  { way: 'a development server with a base', start: () => serve('/deep/base/'), blobs: 0 },
]

describe.each(ways)('threads inside threads, in $way', ({ start, names, blobs }) => {
  let site: Site & { names: string[] }
  let opened: Visit

  beforeAll(async () => {
    site = await start()
    opened = await visit(site.url)
    await opened.page.waitForFunction(() => document.title === 'loaded')
  }, 60_000)
  afterAll(async () => {
    await opened?.page.close()
    await site?.close()
  })

  const begin = (name = 'outer') => opened.page.evaluate((name) => window.nested.start(name), name)
  const call = (action: Parameters<Window['nested']['call']>[0]) =>
    opened.page.evaluate((action) => window.nested.call(action), action)
  /** Each living thread of the page holds one. */
  const locks = () => opened.page.evaluate(async () => (await navigator.locks.query()).held?.length)

  test('the deepest finds what is on the page and what it imports', async () => {
    await begin()
    expect(await call('deepest')).toEqual(told)
    expect(await locks()).toBe(3)
  })

  test('the death of one is told to the thread that started it, which starts it again', async () => {
    expect(await call('loseMiddle')).toEqual(['DIED', ...told])
    // The inner one of the dead one died with it.
    await expect.poll(locks, patient).toBe(3)
  })

  test('two are started from one load', async () => {
    expect(await call('pair')).toEqual(['of two', 'of two'])
  })

  test('all end with the outer one that is terminated', async () => {
    await opened.page.evaluate(() => window.nested.terminate())
    await expect.poll(locks, patient).toBe(0)
  })

  test('all end with the outer one that closes itself', async () => {
    await begin()
    expect(await locks()).toBe(3)
    await call('end')
    await expect.poll(locks, patient).toBe(0)
  })

  test('the page makes one blob at most, however often it starts a thread', async () => {
    await begin('once more')
    await opened.page.evaluate(() => window.nested.terminate())
    expect(await opened.page.evaluate(() => window.blobs.length)).toBe(blobs)
  })

  if (names)
    test('the build writes a file for each logic, or none besides the bundle and the assets', () => {
      expect(site.names).toEqual(names)
    })

  test('goes without an error, a missing file or a reload', () => {
    expect(opened.problems).toEqual([])
    expect(opened.navigations).toEqual([site.url])
  })
})
