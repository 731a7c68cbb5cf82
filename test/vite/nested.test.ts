/** Threads that start threads that start threads, in real pages. */
import { describe, expect, test } from 'vitest'
import bgthread from 'bgthread/vite'
import { buildApp, makeFolder, plainConfig, serveApp, writeApp } from './support/app.js'
import { patient } from './support/patient.js'
import { serveFolder, type Site } from './support/serve.js'
import { openForAll } from './support/suite.js'

type Action =
  'deepest' | 'loseMiddle' | 'end' | 'pair' | 'pooled' | 'computed' | 'loseOfAPool' | 'loseComputed' | 'work'

/** What the page puts on `window`. */
declare global {
  interface Window {
    nested: {
      start(name: string): Promise<void>
      call(action: Action): Promise<unknown>
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
      #pool = bg.bgPool(() => import('./deep/inner'), { name: 'pooled', size: 2 })
      pooled() {
        return this.#pool.map([1, 2, 3, 4], (number) => this.#pool.proxy.double(number))
      }
      async loseOfAPool() {
        const lost = await this.#pool.proxy.end().catch((error) => error.code)
        return [lost, await this.pooled()]
      }
      computed() {
        return bg.bgCompute(() => import('./deep/heavy').then((m) => m.sum), [1, 2, 3])
      }
      async loseComputed() {
        const lost = await bg.bgCompute(() => import('./deep/heavy').then((m) => m.end)).catch((error) => error.code)
        return [lost, await this.computed()]
      }
      // All that it has is at something that never ends; it answers when that has begun, and never otherwise.
      work() {
        const { proxy } = this.#pool
        const begun = []
        const never = (start) => begun.push(new Promise((resolve, reject) => start(resolve).catch(reject)))
        never((begins) => proxy.hang(begins))
        never((begins) => proxy.hang(begins))
        never((begins) => bg.bgCompute(() => import('./deep/heavy').then((m) => m.hang), begins))
        return Promise.all(begun)
      }
      end() {
        self.close()
        return new Promise(() => {})
      }
    }`,
  'deep/heavy.ts': `
    export const sum = (numbers) => numbers.reduce((sum, number) => sum + number, 0)
    export const end = () => {
      self.close()
      return new Promise(() => {})
    }
    export const hang = (begins) => {
      begins('computed')
      return new Promise(() => {})
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
      double(number) {
        return 2 * number
      }
      hang(begins) {
        begins(self.name)
        return new Promise(() => {})
      }
      end() {
        self.close()
        return new Promise(() => {})
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

/** Builds the app and serves it. The names are those of the files written, without hashes. */
async function build(base: string, servedAt: string, inline: boolean): Promise<Site & { names: string[] }> {
  const root = await writeApp(files)
  const outDir = await makeFolder('dist')
  const config = { ...plainConfig(root), base, plugins: [bgthread({ inline })] }
  const output = await buildApp({ ...config, build: { outDir, assetsInlineLimit: 0, emptyOutDir: true } })
  const names = output.map(({ fileName }) => fileName.replace(/-[\w-]{8}\./, '.')).sort()
  return { ...(await serveFolder(outDir, servedAt)), names }
}

const serve = async (base?: string) => {
  const config = plainConfig(await writeApp(files))
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
  // Of each function that is computed.
  ...Array.from({ length: 3 }, () => 'assets/heavy.js'),
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
  const open = openForAll(start)
  const begin = (name = 'outer') => open.opened.page.evaluate((name) => window.nested.start(name), name)
  const call = (action: Action) => open.opened.page.evaluate((action) => window.nested.call(action), action)
  const terminate = () => open.opened.page.evaluate(() => window.nested.terminate())
  /** Each living thread of the page holds one. */
  const locks = () => open.opened.page.evaluate(async () => (await navigator.locks.query()).held?.length)

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
    await terminate()
    await expect.poll(locks, patient).toBe(0)
  })

  test('all end with the outer one that closes itself', async () => {
    await begin()
    expect(await locks()).toBe(3)
    expect(await call('end')).toBe('DIED')
    await expect.poll(locks, patient).toBe(0)
  })

  test('a pool inside of one answers, and loses no more than the call of a thread that dies', async () => {
    await begin()
    expect(await call('pooled')).toEqual([2, 4, 6, 8])
    expect(await call('loseOfAPool')).toEqual(['DIED', [2, 4, 6, 8]])
    await expect.poll(locks, patient).toBe(5)
  })

  test('bgCompute inside of one answers, and tells when its thread dies', async () => {
    expect(await call('computed')).toBe(6)
    expect(await call('loseComputed')).toEqual(['DIED', 6])
  })

  test('all that a thread has started ends with it, in the midst of their work', async () => {
    expect(await call('work')).toEqual(['pooled 1', 'pooled 2', 'computed'])
    await terminate()
    await expect.poll(locks, patient).toBe(0)
    await begin()
    expect(await call('work')).toEqual(['pooled 1', 'pooled 2', 'computed'])
    expect(await locks()).toBe(6)
    expect(await call('end')).toBe('DIED')
    await expect.poll(locks, patient).toBe(0)
  })

  test('the page makes one blob at most, however often it starts a thread', async () => {
    await begin('once more')
    await terminate()
    expect(await open.opened.page.evaluate(() => window.blobs.length)).toBe(blobs)
  })

  if (names)
    test('the build writes a file for each logic, or none besides the bundle and the assets', () => {
      expect(open.site.names).toEqual(names)
    })

  test('goes without an error, a missing file or a reload', () => {
    expect(open.opened.problems).toEqual([])
    expect(open.opened.navigations).toEqual([open.site.url])
  })
})
