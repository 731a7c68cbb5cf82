/** What the plugin gives `bgPool` and `bgCompute`, on a page and in a thread. */
import { join } from 'node:path'
import type { InlineConfig } from 'vite'
import { describe, expect, test } from 'vitest'
import bgthread from 'bgthread/vite'
import { buildApp, plainConfig, serveApp, writeApp } from './support/app.js'
import { serveFolder, type Site } from './support/serve.js'
import { standIn } from './support/stand-in.js'
import { openForAll } from './support/suite.js'

/** What the page puts on `window`. */
declare global {
  interface Window {
    /** Of each load, which of the loads it is: the first one that is the same function. */
    firstOfSame: number[]
    /** Starts a worker with a load and asks its logic. */
    askOf(load: number, question: string): Promise<unknown>
  }
}

const loads = `
  import { bgCompute, bgPool as pool } from 'bgthread'
  import * as bg from 'bgthread'
  import { another } from './another'
  const options = {}
  const many = () => {}
  const load = () => import('./heavy').then(({ parse }) => parse)
  const loads = [
    bgCompute(() => import('./heavy').then((m) => m.parse), 'a text'),
    bgCompute(async () => (await import('./heavy')).parse, 'a text', { shared: many() }),
    bgCompute(load, options),
    bg.bgPool(load, { size: 2 }),
    another(),
    another(),
    pool(() => import('./heavy'), { size: 2 }),
    bg.bgCompute(() => import('./heavy').then((m) => m.default)),
  ]
  const firstOfSame = loads.map((load) => loads.indexOf(load))`
const expected = [0, 0, 0, 0, 0, 0, 6, 6]

const ask = `(load, question) => new Promise((resolve) => {
  const worker = load({ name: 'one of them' })
  worker.onmessage = ({ data }) => resolve(data)
  worker.postMessage(question)
})`

const files = {
  ...standIn,
  'main.ts': `
    ${loads}
    const ask = ${ask}
    window.firstOfSame = firstOfSame
    window.askOf = (load, question) => ask(loads[load], question)
    document.title = 'loaded'`,
  'another.ts': `
    import { bgCompute as compute } from 'bgthread'
    export const another = () => compute(() => import('./heavy').then((m) => m.parse))`,
  'heavy.ts': `
    import inside from './inside'
    export const parse = { where: () => self.constructor.name, base: () => new Request('./').url, inside }
    export default parse`,
  // What a thread of a thread gives, and which of its loads are the same.
  'inside.ts': `
    import { bgPool, bgCompute } from 'bgthread'
    const ask = ${ask}
    const loads = [
      bgCompute(() => import('./leaf').then((m) => m.leaf)),
      bgPool(() => import('./leaf').then((m) => m.leaf)),
      bgPool(() => import('./leaf')),
    ]
    export default async () => [
      loads.map((load) => loads.indexOf(load)),
      await Promise.all(loads.map((load) => ask(load, 'name'))),
    ]`,
  'leaf.ts': `
    export const leaf = { name: () => self.name }
    export default leaf`,
}

async function configFor(inline: boolean): Promise<InlineConfig & { root: string }> {
  const root = await writeApp(files)
  return { ...plainConfig(root), root, resolve: {}, plugins: [bgthread({ inline })] }
}

async function build(inline: boolean): Promise<Site> {
  const config = await configFor(inline)
  await buildApp(config)
  return serveFolder(join(config.root, 'dist'), '/')
}

const ways: [way: string, start: () => Promise<Site>, blobs: number][] = [
  ['a build', () => build(true), 1],
  ['a build with inline: false', () => build(false), 0],
  ['a development server', async () => serveApp(await configFor(true)), 0],
]

describe.each(ways)('bgPool and bgCompute, in %s', (_way, start, blobs) => {
  const open = openForAll(start)
  const askOf = (load: number, question: string) =>
    open.opened.page.evaluate(([load, question]) => window.askOf(load, question), [load, question] as const)

  test('the loads of one export are one function, wherever they are written', async () => {
    expect(await open.opened.page.evaluate(() => window.firstOfSame)).toEqual(expected)
  })

  test('each call of it starts a worker, and all of them from one blob', async () => {
    const answers = await Promise.all([1, 2, 3, 4].map(() => askOf(0, 'where')))
    expect(new Set(answers)).toEqual(new Set(['DedicatedWorkerGlobalScope']))
    expect(await open.opened.page.evaluate(() => window.blobs.length)).toBe(blobs)
  })

  test('the same goes for the loads of a thread', async () => {
    const names = ['one of them', 'one of them', 'one of them']
    expect(await askOf(6, 'inside')).toEqual([[0, 0, 2], names])
  })

  test('a worker that is started after the page has moved on resolves URLs against where the page is then', async () => {
    expect(await askOf(0, 'base')).toBe(open.site.url)
    await open.opened.page.evaluate(() => history.pushState({}, '', 'moved/on'))
    expect(await askOf(0, 'base')).toBe(`${open.site.url}moved/`)
    expect(await open.opened.page.evaluate(() => window.revokedUrls.length)).toBe(blobs)
  })

  test('goes without an error or a missing file', () => {
    expect(open.opened.problems).toEqual([])
  })
})
