/** How long it takes from saving a logic until its new code answers, by the rows that its state has. */
import { mkdtemp, mkdir, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { createServer, type Plugin } from 'vite'
import type { Options } from '../harness/options.mjs'
import { launch } from '../harness/launch.js'
import { summarise } from '../harness/statistics.js'

const dist = (file: string) => fileURLToPath(new URL(`../../dist/${file}.js`, import.meta.url))

const files = {
  'index.html':
    '<!doctype html><link rel="icon" href="data:," /><script type="module" src="/main.ts"></script>',
  // Asks until the new code answers.
  'main.ts': `
    import { bgThread } from 'bgthread'
    export const { proxy } = bgThread(() => import('./logic'), { name: 'rows' })
    window.proxy = proxy
    window.reached = async (version) => {
      while ((await proxy.version().catch(() => 0)) !== version);
      return Date.now()
    }`,
}

const logic = (version: number) => `
  import { state } from 'bgthread/worker'
  export default class Rows {
    #rows = state([])
    #byId = new Map()
    fill(count) {
      for (let id = this.#byId.size; id < count; id++)
        this.#byId.set(id, { id, title: 'row ' + id, done: id % 2 === 0, at: id * 1_000 })
      this.#rows.set([...this.#byId.values()])
    }
    rows() { return this.#rows }
    count() { return this.#rows.get().length }
    version() { return ${version} }
  }`

export async function run({ rounds, quick }: Options, bgthread: () => Plugin[]): Promise<number> {
  process.env['NODE_ENV'] = 'development'
  const root = await mkdtemp(join(tmpdir(), 'bgthread-hot-'))
  await mkdir(root, { recursive: true })
  for (const [name, text] of Object.entries(files)) await writeFile(join(root, name), text)
  await writeFile(join(root, 'logic.ts'), logic(0))
  const server = await createServer({
    root,
    configFile: false,
    logLevel: 'error',
    cacheDir: join(root, 'cache'),
    plugins: [bgthread()],
    resolve: {
      alias: [
        { find: /^bgthread$/, replacement: dist('index') },
        { find: /^bgthread\/(.*)$/, replacement: dist('$1') },
      ],
    },
    server: { host: '127.0.0.1', port: 0, fs: { strict: false } },
  })
  await server.listen()
  const browser = await launch()
  try {
    const page = await browser.newPage()
    let navigations = 0
    page.on('framenavigated', () => navigations++)
    await page.goto(server.resolvedUrls?.local[0] ?? '')
    let version = 0
    for (const rows of [0, 1_000, 100_000]) {
      await page.evaluate((rows) => (window as never as Page).proxy.fill(rows), rows)
      const times: number[] = []
      const saves = quick ? 5 : rounds * 3
      for (let n = 0; n < saves; n++) {
        version++
        const reached = page.evaluate((version) => (window as never as Page).reached(version), version)
        const saved = Date.now()
        await writeFile(join(root, 'logic.ts'), logic(version))
        times.push((await reached) - saved)
        const kept = await page.evaluate(() => (window as never as Page).proxy.count())
        if (kept !== rows) throw new Error(`${rows} rows became ${kept}`)
      }
      const { median, min, max } = summarise(times)
      console.log(`${rows} rows: ${median} ms from save to new code (median of ${saves}; ${min} to ${max})`)
    }
    if (navigations !== 1) throw new Error(`the page was loaded ${navigations} times`)
    return 0
  } finally {
    await browser.close()
    await server.close()
    await rm(root, { recursive: true, force: true })
  }
}

interface Page {
  proxy: { fill(rows: number): Promise<void>; count(): Promise<number> }
  reached(version: number): Promise<number>
}
