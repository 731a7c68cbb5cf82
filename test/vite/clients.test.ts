/** Threads that call their page's services and other threads: what it takes is in their workers, and in no others. */
import { join } from 'node:path'
import type { InlineConfig } from 'vite'
import { afterEach, describe, expect, test } from 'vitest'
import bgthread from 'bgthread/vite'
import { speaksOutward } from '../../src/vite/client.js'
import { buildApp, plainConfig, serveApp, writeApp } from './support/app.js'
import { visit } from './support/browser.js'
import { patient } from './support/patient.js'
import { serveFolder, type Site } from './support/serve.js'

let stop: (() => Promise<void>) | undefined
afterEach(async () => {
  await stop?.()
  stop = undefined
})
/** Code that only a client needs has this text, and what serves a logic that one. */
const client = 'malformed line'
const serving = 'this stream is gone'

const guest = `
  import type { ThreadContext } from 'bgthread/worker'
  interface Services { ask(question: string): Promise<string> }
  export default class Guest {
    #context!: ThreadContext<Services>
    onStart(context: ThreadContext<Services>) { this.#context = context }
    ask(question: string) { return this.#context.host.ask(question) }
    isGuest() { return this.#context.host !== undefined }
  }`

const store = `
  export class Store {
    #rows: number[] = []
    add(row: number) { return this.#rows.push(row) }
    sum() { return this.#rows.reduce((sum, row) => sum + row, 0) }
  }`

const search = `
  import type { Remote } from 'bgthread'
  import type { Store } from './store'
  export class Search {
    async use(store: Remote<Store>, row: number) {
      await store.add(row)
      return store.sum()
    }
  }`

/** A logic in JavaScript, whose types stand in comments. */
const commented = `
  export class Commented {
    /** @param {import('bgthread').Remote<import('./store').Store>} store */
    async use(store, row) {
      await store.add(row)
      return store.sum()
    }
  }`

const logics = { 'guest.ts': guest, 'store.ts': store, 'search.ts': search, 'commented.js': commented }

/** A page that shows what a function of its threads gives. */
const page = (threads: string, result: string) =>
  `import { bgThread, bgPool } from 'bgthread'
  ${threads}
  const result = async () => ${result}
  result().then((it) => (document.title = 'gives ' + it), (error) => (document.title = String(error)))`

async function write(main: string, more: Record<string, string> = {}) {
  const root = await writeApp({ 'main.ts': main, ...logics, ...more })
  return root
}

/** Builds the page with a file for each worker, and gives what it wrote. */
async function build(main: string, config: InlineConfig = {}, inline = false) {
  const root = await write(main)
  const output = await buildApp({ ...plainConfig(root), plugins: [bgthread({ inline })], ...config })
  const entry = output.find((file) => file.type === 'chunk' && file.isEntry)
  const workers = output.filter(({ fileName, type }) => type === 'asset' && fileName.endsWith('.js'))
  return {
    dist: join(root, 'dist'),
    page: entry?.type === 'chunk' ? entry.code : '',
    /** Each worker of a logic, by its name. */
    workersOf: (name: string) =>
      workers.flatMap((file) =>
        file.type === 'asset' && file.fileName.startsWith(`assets/${name}-`) ? [String(file.source)] : [],
      ),
  }
}

const ways: [way: string, start: (main: string) => Promise<Site>][] = [
  ['an inline build', async (main) => serveFolder((await build(main, {}, true)).dist, '/')],
  ['a build with files', async (main) => serveFolder((await build(main)).dist, '/')],
  [
    'a development server',
    async (main) => serveApp({ ...plainConfig(await write(main)), plugins: [bgthread()] }),
  ],
]

const host = `{ ask: async (question) => question + ' ' + location.pathname }`

describe.each(ways)('in %s', { timeout: 60_000 }, (_way, start) => {
  async function resultOf(main: string) {
    const site = await start(main)
    stop = site.close
    const { page, problems } = await visit(site.url)
    await expect.poll(() => page.title(), patient).not.toBe('')
    const title = await page.title()
    await page.close()
    expect(problems).toEqual([])
    return title
  }

  test('a thread calls the services of its page', async () => {
    const main = page(
      `const guest = bgThread(() => import('./guest'), { host: ${host} })
       const alone = bgThread(() => import('./guest'))`,
      `[await guest.proxy.ask('where?'), await guest.proxy.isGuest(), await alone.proxy.isGuest()]`,
    )
    expect(await resultOf(main)).toBe('gives where? /,true,false')
  })

  test('the threads of a pool do, with options from elsewhere', async () => {
    const main = page(
      `const options = () => ({ size: 1, host: ${host} })
       const guests = bgPool(() => import('./guest'), options())`,
      `guests.proxy.ask('where?')`,
    )
    expect(await resultOf(main)).toBe('gives where? /')
  })

  test('a thread calls another whose proxy it was given', async () => {
    const main = page(
      `const store = bgThread(() => import('./store').then((m) => m.Store))
       const search = bgThread(() => import('./search').then((m) => m.Search))
       const commented = bgThread(() => import('./commented').then((m) => m.Commented))`,
      `[await search.proxy.use(store.proxy, 1), await commented.proxy.use(store.proxy, 2)]`,
    )
    expect(await resultOf(main)).toBe('gives 1,3')
  })
})

describe('a build', { timeout: 60_000 }, () => {
  test('has what calls other threads in the workers that do, and in no others', async () => {
    const { workersOf } = await build(
      page(
        `const threads = [
           bgThread(() => import('./guest'), { host: ${host} }),
           bgThread(() => import('./guest')),
           bgThread(() => import('./search').then((m) => m.Search)),
           bgThread(() => import('./commented').then((m) => m.Commented)),
           bgThread(() => import('./store').then((m) => m.Store), { name: 'store', args: [] }),
         ]`,
        'threads.length',
      ),
    )
    const has = (name: string) =>
      workersOf(name)
        .map((code) => code.includes(client))
        .sort()
    expect(has('guest')).toEqual([false, true])
    expect(has('search')).toEqual([true])
    expect(has('commented')).toEqual([true])
    expect(has('store')).toEqual([false])
  })

  test('writes one worker for all that offer services to a logic', async () => {
    const { workersOf } = await build(
      page(
        `const offer = { host: ${host} }
         const guests = [
           bgThread(() => import('./guest'), offer),
           bgThread(() => import('./guest'), { ...offer, name: 'second' }),
         ]`,
        'guests.length',
      ),
    )
    expect(workersOf('guest')).toHaveLength(1)
  })

  test('has what serves on the page only where the page offers services', async () => {
    const load = `() => import('./guest')`
    const offering = await build(page(`bgThread(${load}, { host: ${host} })`, '1'))
    const none = await build(page(`bgThread(${load}, { name: 'guest' })`, '1'))
    expect(offering.page).toContain(serving)
    expect(none.page).not.toContain(serving)
  })

  test('leaves the page as it is where its own modules name a Remote', async () => {
    const main = (type: string) =>
      page(
        `import type { ${type} } from 'bgthread'
         const store = bgThread(() => import('./store').then((m) => m.Store))
         export const list: ${type}<{}>[] = []`,
        'list.length',
      )
    expect((await build(main('Remote'))).page).toBe((await build(main('Thread'))).page)
  })
})

describe('a module speaks to other threads', () => {
  test.each([
    `import type { Remote } from 'bgthread'`,
    `import { bgThread, type Remote as Proxy } from "bgthread";`,
    `import {\n  attach,\n} from 'bgthread'`,
    `import a from 'a';import{attach as b}from"bgthread";b()`,
    `export type { Remote } from 'bgthread'`,
    `import * as bg from 'bgthread'; bg.attach(port)`,
    `import type * as $bg from 'bgthread'\nconst f = (store: $bg.Remote<Store>) => store.add()`,
    `/** @type {import('bgthread').Remote<Store>} */ let store`,
    `/** @import { Remote } from 'bgthread' */`,
    `let store: import("bgthread").AttachedThread<Store>`,
    `const { proxy } = (await import('bgthread')).attach(port)`,
  ])('that says %s', (code) => {
    expect(speaksOutward(code)).toBe(true)
  })

  test.each([
    `import { bgThread } from 'bgthread'`,
    `import { state } from 'bgthread/worker'; class Remote {}`,
    `import type { Remote } from 'other'\nimport { bgThread } from 'bgthread'`,
    `import * as bg from 'bgthread'; bg.bgThread(load); attach()`,
    `import { RemoteControl } from 'bgthread'`,
    `import('bgthread').Thread`,
  ])('and not one that says %s', (code) => {
    expect(speaksOutward(code)).toBe(false)
  })
})
