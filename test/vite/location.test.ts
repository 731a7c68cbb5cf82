/** Where a thread takes itself to be: where its page is. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import bgthread from 'bgthread/vite'
import { buildApp, makeFolder, plainConfig, serveApp, writeApp } from './support/app.js'
import { visit, type Visit } from './support/browser.js'
import { serveFolder, type Site } from './support/serve.js'

type Found = Record<string, unknown>

/** What the page puts on `window`: what the same module finds in each place. */
declare global {
  interface Window {
    found: Promise<{ page: Found; thread: Found; nested: Found }>
  }
}

const parts = ['href', 'origin', 'protocol', 'host', 'hostname', 'port', 'pathname', 'search', 'hash']

/** What is the same on a page and in its threads, as the body of an async function. */
const same: [what: string, code: string][] = [
  ...parts.map((part): [string, string] => [`location.${part}`, `return location.${part}`]),
  ['location as a text', 'return [`${location}`, String(self.location), globalThis.location + ""]'],
  [
    'a URL against location',
    "return [new URL('/x', location.href).href, new URL('./x', location).href, new URL('?y', self.location).href]",
  ],
  ['a redirect to a path', "return Response.redirect('./there').headers.get('location')"],
  [
    'a cache of paths',
    `const cache = await caches.open('of paths')
    await cache.add('./data.json')
    await cache.addAll(['./data.json?1', new Request('./data.json?2')])
    await cache.put('./made', new Response('made'))
    const texts = [cache.match('./data.json'), caches.match('./made'), cache.match(new URL('./data.json?1', location))]
    const text = async (found) => (await (await found).text()).trim()
    const all = [(await cache.matchAll('./made')).length, (await cache.keys('./made')).length, (await cache.keys()).length]
    return [await Promise.all(texts.map(text)), all, await cache.delete('./made'), await caches.delete('of paths')]`,
  ],
  [
    'an import() of a path',
    `const path = location.pathname.replace(/[^/]*$/, 'library.js')
    return (await import(/* @vite-ignore */ path)).default`,
  ],
  [
    'an import() of a path that another one gives',
    `const folder = location.pathname.replace(/[^/]*$/, '')
    const { name } = await import(/* @vite-ignore */ folder + 'names.js'); return (await import(/* @vite-ignore */ name(folder))).default`,
  ],
  [
    'an import() of a URL',
    "return (await import(/* @vite-ignore */ new URL('./library.js', location).href)).default",
  ],
]

const files = {
  'main.ts': `
    import { bgThread } from 'bgthread'
    import { find } from './find'
    const { proxy } = bgThread(() => import('./logic'))
    window.found = (async () => ({ page: await find(), thread: await proxy.find(), nested: await proxy.nested() }))()`,
  'logic.ts': `
    import { bgThread } from 'bgthread'
    import { find } from './find'
    const { proxy } = bgThread(() => import('./inner'))
    export default class { find() { return find() }; nested() { return proxy.find() } }`,
  'inner.ts': `
    import { find } from './find'
    export default class { find() { return find() } }`,
  'find.ts': `
    const same = { ${same.map(([what, code]) => `${JSON.stringify(what)}: async () => { ${code} }`).join(',\n')} }
    export async function find() {
      const found = {}
      for (const what in same) found[what] = await same[what]().catch(String)
      if (self.WorkerLocation) {
        found.kind = location instanceof WorkerLocation
        try { location.href = 'elsewhere' } catch (error) { found.refused = error.name }
        found.after = location.href
      }
      return found
    }`,
  'public/data.json': '"data"',
  'public/library.js': `export default 'a library'`,
  'public/names.js': `export const name = (folder) => folder + 'library.js'`,
}

async function build(inline: boolean, base: string, servedAt: string): Promise<Site> {
  const outDir = await makeFolder('dist')
  const config = { ...plainConfig(await writeApp(files)), base, plugins: [bgthread({ inline })] }
  await buildApp({ ...config, build: { outDir, emptyOutDir: true } })
  return serveFolder(outDir, servedAt)
}

const serve = async () => serveApp({ ...plainConfig(await writeApp(files)), plugins: [bgthread()] })

const ways: [way: string, start: () => Promise<Site>][] = [
  ['a build', () => build(true, '/', '/')],
  ['a build with a relative base, served below a path', () => build(true, './', '/some/where/')],
  ['a build with inline: false', () => build(false, './', '/some/where/')],
  ['development', serve],
]

describe.each(ways)('in %s', (way, start) => {
  let site: Site
  let opened: Visit
  let found: { page: Found; thread: Found; nested: Found }
  beforeAll(async () => {
    site = await start()
    opened = await visit(`${site.url}index.html?key=a%20b#part`)
    await opened.page.waitForFunction(() => 'found' in window)
    found = await opened.page.evaluate(() => window.found)
  }, 60_000)
  afterAll(() => site?.close())

  test.each(same)('a thread finds as the page does: %s', (what) => {
    expect(found.thread[what]).toEqual(found.page[what])
    expect(found.nested[what]).toEqual(found.page[what])
  })

  test('what it finds is right', () => {
    expect(found.thread['location.href']).toBe(`${site.url}index.html?key=a%20b#part`)
    expect(found.thread['a cache of paths']).toEqual([['"data"', 'made', '"data"'], [1, 1, 4], true, true])
    if (way === 'development') return
    expect(found.thread['an import() of a path']).toBe('a library')
    expect(found.thread['an import() of a path that another one gives']).toBe('a library')
    expect(found.thread['an import() of a URL']).toBe('a library')
  })

  test('its location is a WorkerLocation that cannot be changed', () => {
    for (const { kind, refused, after } of [found.thread, found.nested]) {
      expect({ kind, refused }).toEqual({ kind: true, refused: 'TypeError' })
      expect(after).toBe(found.page['location.href'])
    }
  })
})
