import { afterEach, expect, test } from 'vitest'
import bgthread from 'bgthread/vite'
import { carryPlugin } from '../../src/vite/carry.js'
import { plainConfig, serveApp, writeApp } from './support/app.js'

let stop: (() => Promise<void>) | undefined
afterEach(() => stop?.())

const files = {
  'index.html': `<script type="module" src="/main.ts"></script>`,
  'main.ts': `import { bgThread } from 'bgthread'; import { next } from './shared'; export const t = bgThread(() => import('./logic')); export let n = next()`,
  'logic.ts': `import { next } from './shared'; import './own'; export default class Todos { #n = next() }`,
  'shared.ts': `let id = 1\nexport const next = () => id++`,
  'own.ts': `export let own = 0; export const up = () => own++`,
}
const entry = '/@id/__x00__bgthread/worker/default/logic.ts.js?worker_file&type=module'

async function serve(base = '/') {
  const root = await writeApp(files)
  const site = await serveApp({ ...plainConfig(root), base, plugins: [bgthread(), carryPlugin(() => true)] })
  stop = site.close
  const url = new URL(base, site.url)
  return async (path: string, headers: Record<string, string> = {}) => {
    const response = await fetch(new URL(`.${path}`, url), { headers })
    return { code: await response.text(), etag: response.headers.get('etag') ?? '', status: response.status }
  }
}

const added = 'Symbol.for("bgthread")'

for (const base of ['/', '/app/'])
  test(`a module that the page has first gets the added code when a thread asks for it, under ${base}`, async () => {
    const get = await serve(base)
    expect((await get('/main.ts')).code).not.toContain(added)
    const before = await get('/shared.ts')
    expect(before.code).not.toContain(added)

    await get(entry)
    expect((await get('/logic.ts')).code).toContain('addClass(this,{id:"logic.ts#Todos"')
    expect((await get('/own.ts')).code).toContain(added)
    const after = await get('/shared.ts', { 'if-none-match': before.etag })
    expect(after.status).toBe(200)
    expect(after.code).toContain('addModule({id:"shared.ts"')
    // And from then on it is kept.
    expect((await get('/shared.ts', { 'if-none-match': after.etag })).status).toBe(304)
    expect((await get('/main.ts')).code).not.toContain(added)
  })

test('the modules of the library and of packages get no added code', async () => {
  const get = await serve()
  const { code } = await get(entry)
  const library = /"([^"]*core\/worker\.ts[^"]*)"/.exec(code)?.[1] ?? ''
  expect(library).not.toBe('')
  expect((await get(library)).code).not.toContain(added)
})
