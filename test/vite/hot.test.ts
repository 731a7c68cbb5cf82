import { mkdir, rm, symlink, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { stripVTControlCharacters } from 'node:util'
import { svelte } from '@sveltejs/vite-plugin-svelte'
import vue from '@vitejs/plugin-vue'
import { createLogger, type InlineConfig, type PluginOption } from 'vite'
import { afterEach, describe, expect, test } from 'vitest'
import type { Thread } from 'bgthread'
import bgthread from 'bgthread/vite'
import { plainConfig, project, serveApp, writeApp } from './support/app.js'
import { visit, type Visit } from './support/browser.js'
import { patient } from './support/patient.js'

const closed: (() => Promise<void>)[] = []
afterEach(async () => {
  for (const close of closed.splice(0)) await close()
})

/** An app that is served, and opened in a browser. */
interface App extends Visit {
  url: string
  /** What the server has written to the terminal. */
  lines: string[]
  save(name: string, text: string): Promise<void>
  remove(name: string): Promise<void>
  /** Waits until the page's text is this. */
  shows(text: string | RegExp): Promise<void>
  /** Waits until the page has so many workers. */
  hasWorkers(count: number): Promise<void>
  /** Expects that the page was never reloaded, and nothing went wrong on it. */
  isUntouched(): void
}

async function open(
  files: Record<string, string>,
  plugins: PluginOption[] = [],
  config: InlineConfig = {},
): Promise<App> {
  const root = await writeApp(files)
  await symlink(join(project, 'node_modules'), join(root, 'node_modules'))
  const lines: string[] = []
  const write = (line: string) => void lines.push(stripVTControlCharacters(line))
  const site = await serveApp({
    ...plainConfig(root),
    plugins: [bgthread(), plugins],
    customLogger: { ...createLogger('silent'), info: write, error: write },
    ...config,
  })
  closed.push(site.close)
  const visited = await visit(site.url)
  const { page, navigations, problems } = visited
  return {
    ...visited,
    url: site.url,
    lines,
    async save(name, text) {
      await mkdir(dirname(join(root, name)), { recursive: true })
      await writeFile(join(root, name), text)
    },
    remove: (name) => rm(join(root, name)),
    shows: (text) => {
      const body = expect.poll(() => page.evaluate(() => document.body.innerText.trim()), patient)
      return typeof text === 'string' ? body.toBe(text) : body.toMatch(text)
    },
    hasWorkers: (count) => expect.poll(() => page.workers().length, patient).toBe(count),
    isUntouched() {
      expect(navigations).toHaveLength(1)
      expect(problems).toEqual([])
    },
  }
}

/** A logic with rows that it saves, and a word of its own code. */
const logic = (word: string, more = '') => `
  import { state } from 'bgthread/worker'
  ${more}
  export default class {
    #rows = state(['a'])
    #view = state(this.#look())
    #look() { return { rows: this.#rows.get(), word: '${word}' } }
    #set(rows) { this.#rows.set(rows); this.#view.set(this.#look()) }
    add(row) { this.#set([...this.#rows.get(), row]) }
    view() { return this.#view }
    rows() { return this.#rows }
    word() { return '${word}' }
    saveState() { return this.#rows.get() }
    restoreState(rows) { this.#set(rows) }
  }`

/** Starts the thread, and shows the rows and the logic's word. */
const main = `
  import { bgThread } from 'bgthread'
  import { bgStore } from 'bgthread/svelte'
  const thread = bgThread(() => import('./logic'), { name: 'app' })
  const { proxy } = thread
  Object.assign(window, { thread, proxy })
  bgStore(proxy.view).subscribe((view) => view && (document.body.innerText = view.rows + ' ' + view.word))`

/** The part of it that starts the thread. */
const start = main.replace(/bgStore\(.*/, '').replace(/import \{ bgStore.*/, '')

/** Counts the workers that are there. */
const page = `<!doctype html><link rel="icon" href="data:," /><body></body><script>
  window.alive = window.most = 0
  window.Worker = class extends Worker {
    constructor(...args) { super(...args); most = Math.max(most, ++alive) }
    terminate() { alive--; super.terminate() }
  }
</script><script type="module" src="/main.ts"></script>`

const files = { 'main.ts': main, 'logic.ts': logic('v0') }

declare const thread: Thread<object>
declare const proxy: Record<string, (...args: unknown[]) => Promise<unknown>>

const stateOf = ({ page }: App) => page.evaluate(() => thread.status.get())
const overlayOf = ({ page }: App) =>
  page.evaluate(() => document.querySelector('vite-error-overlay')?.shadowRoot?.textContent ?? '')

describe('saving a logic', { timeout: 60_000 }, () => {
  test('replaces its thread alone, fifty times in a row', async () => {
    const app = await open(
      {
        'main.ts': `import { mount } from 'svelte'; import App from './App.svelte'; mount(App, { target: document.body })`,
        'app.ts': start.replaceAll('const ', 'export const '),
        'App.svelte': `
          <script>
            import { bgStore } from 'bgthread/svelte'
            import { proxy } from './app'
            const rows = bgStore(proxy.rows)
            const { status } = rows
            const seen = (window.seen = [])
            let word = $state('')
            $effect(() => {
              seen.push([$status, $rows?.length])
              if ($status === 'live') proxy.word().then((it) => (word = it))
            })
          </script>
          <input /><p>{word} {$rows?.length}</p><div style="height: 5000px"></div>`,
        'logic.ts': logic('v0', `import { word } from './deep/word'; const unused = word`),
        'deep/word.ts': `export const word = 'w0'`,
        'index.html': page,
      },
      [svelte({ configFile: false })],
    )
    const tab = app.page
    await app.shows('v0 1')
    await tab.evaluate(() => {
      for (let n = 2; n <= 1_000; n++) void proxy['add']!(`row ${n}`)
    })
    await app.shows('v0 1000')
    await tab.fill('input', 'typed')
    await tab.evaluate(() => scrollTo(0, 2_000))
    for (let n = 1; n <= 50; n++) {
      if (n % 2) await app.save('deep/word.ts', `export const word = 'w${n}'`)
      else
        await app.save('logic.ts', logic(`v${n}`, `import { word } from './deep/word'; const unused = word`))
      await expect.poll(async () => (await stateOf(app))?.epoch, patient).toBe(n + 1)
      await app.shows(`v${n - (n % 2)} 1000`)
    }
    expect(await tab.inputValue('input')).toBe('typed')
    expect(await tab.evaluate(() => scrollY)).toBe(2_000)
    expect(await tab.evaluate(() => (window as unknown as { most: number }).most)).toBe(1)
    const seen = await tab.evaluate(() => (window as unknown as { seen: [string, number][] }).seen)
    // Before the new snapshot comes, the store has the last one.
    expect(seen.filter(([status, length]) => status === 'stale' && length === 1_000)).not.toHaveLength(0)
    expect(seen.slice(seen.findIndex(([, length]) => length === 1_000))).not.toContainEqual([
      expect.anything(),
      undefined,
    ])
    app.isUntouched()
  })

  test('says in the terminal which thread was replaced', async () => {
    const app = await open({
      ...files,
      'logic.ts': `import './deep/word'; ${logic('v0')}`,
      'deep/word.ts': '',
    })
    await app.shows('a v0')
    await app.save('deep/word.ts', 'export const word = 1')
    await expect.poll(() => app.lines, patient).toContain('hmr update thread of /logic.ts')
    expect(app.lines.filter((line) => line.includes('reload'))).toEqual([])
  })

  test('rejects the calls that it interrupts, and says why', async () => {
    const app = await open({
      ...files,
      'logic.ts': logic('v0').replace('word()', 'wait() { return new Promise(() => {}) } word()'),
    })
    await app.shows('a v0')
    const waiting = app.page.evaluate(() => proxy['wait']!().catch((error: Error) => error.message))
    await app.save('logic.ts', logic('v1'))
    expect(await waiting).toBe("thread 'app' was replaced after an edit before wait() was done")
    await app.shows('a v1')
    app.isUntouched()
  })

  test('replaces a thread that hangs, without its state', async () => {
    const app = await open({
      ...files,
      'logic.ts': logic('v0').replace('word()', 'hang() { for (;;); } word()'),
    })
    await app.shows('a v0')
    await app.page.evaluate(() => proxy['add']!('b'))
    await app.page.evaluate(() => void proxy['hang']!().catch(() => {}))
    await app.save('logic.ts', logic('v1'))
    await app.shows('a v1')
    await app.hasWorkers(1)
    expect(app.navigations).toHaveLength(1)
  })

  test('under a base, behind a path with odd characters and a named export', async () => {
    const named = (word: string) => logic(word).replace('export default class', 'export class Über')
    const app = await open(
      {
        'main.ts': main.replace(`import('./logic')`, `import('./my app/lögic').then((m) => m.Über)`),
        'my app/lögic.ts': named('v0'),
      },
      [],
      { base: '/deep/base/' },
    )
    await app.shows('a v0')
    await app.page.evaluate(() => proxy['add']!('b'))
    await app.save('my app/lögic.ts', named('v1'))
    await app.shows('a,b v1')
    app.isUntouched()
  })

  test('many times at once ends with the code that was saved last, and one worker', async () => {
    const app = await open(files)
    await app.shows('a v0')
    await app.page.evaluate(() => proxy['add']!('b'))
    for (let n = 1; n <= 20; n++) await app.save('logic.ts', logic(`v${n}`))
    await app.shows('a,b v20')
    await app.hasWorkers(1)
    app.isUntouched()
  })

  test('while its thread starts for the first time is followed', async () => {
    const app = await open({
      ...files,
      'logic.ts': logic('v0', 'await new Promise((resolve) => setTimeout(resolve, 300))'),
    })
    await app.hasWorkers(1)
    await app.save('logic.ts', logic('v1'))
    await app.shows('a v1')
    await app.hasWorkers(1)
    app.isUntouched()
  })

  test('without the option hot reloads the page', async () => {
    const app = await open(files, [], { plugins: [bgthread({ hot: false })] })
    await app.shows('a v0')
    await app.page.evaluate(() => proxy['add']!('b'))
    await app.save('logic.ts', logic('v1'))
    await app.shows('a v1')
    expect(app.navigations).toHaveLength(2)
  })
})

/** A logic without saveState, as most are. */
const plain = (more: string, method = '') => `
  import { state } from 'bgthread/worker'
  export default class {
    #rows = state(['a'])
    #view = state({ rows: [], word: '' })
    constructor() { this.#show() }
    #show() { this.#view.set({ rows: this.#rows.get(), word: this.word() }) }
    add(row) { this.#rows.update((rows) => [...rows, row]); this.#show() }
    view() { return this.#view }
    ${method}
    ${more}
  }`

describe('the state of a logic that does not say how to save it', { timeout: 60_000 }, () => {
  /** What the worker has written to the console. */
  const notes = ({ page }: App) => {
    const texts: string[] = []
    page.on('console', (message) => message.text().includes('[bgthread]') && texts.push(message.text()))
    return texts
  }

  test('goes on, with ids, an index, derived states and what onStart does', async () => {
    const code = (word: string) => `
      import { state } from 'bgthread/worker'
      let lastId = 0
      const index = new Map()
      export default class {
        #rows = state([])
        #view = state({ rows: '', word: '' })
        #starts = 0
        onStart() { this.#starts++; setInterval(() => {}, 1_000); this.#show() }
        #show() { this.#view.set({ rows: this.#rows.get().map(({ id, title }) => id + title).join(), word: '${word} ' + this.#starts }) }
        add(title) {
          const row = { id: ++lastId, title }
          index.set(row.id, row)
          this.#rows.update((rows) => [...rows, row])
          this.#show()
        }
        rename(id, title) { index.get(id).title = title; this.#rows.update((rows) => [...rows]); this.#show() }
        view() { return this.#view }
      }`
    const app = await open({ ...files, 'logic.ts': code('v0') })
    const said = notes(app)
    await app.shows('v0 1')
    await app.page.evaluate(() => proxy['add']!('a'))
    for (let n = 1; n <= 3; n++) {
      await app.save('logic.ts', code(`v${n}`))
      await app.shows(new RegExp(` v${n} ${n + 1}$`))
      await app.page.evaluate(() => proxy['add']!('b'))
    }
    await app.page.evaluate(() => proxy['rename']!(1, 'c'))
    await app.shows('1c,2b,3b,4b v3 4')
    expect(said).toEqual([])
    app.isUntouched()
  })

  test.each([
    [
      'an initial value was edited',
      plain('#filter = "all"; word() { return this.#filter }'),
      plain('#filter = "done"; word() { return this.#filter }'),
      'done',
      '#filter',
    ],
    [
      'a field holds a timer',
      plain('#timer = setInterval(() => {}, 1_000); word() { return "v0" }'),
      plain('#timer = setInterval(() => {}, 1_000); word() { return "v1" }'),
      'v1',
      '#timer',
    ],
    [
      'a field holds what cannot be cloned',
      plain('#end = new AbortController(); word() { return "v0" }'),
      plain('#end = new AbortController(); word() { return "v1" }'),
      'v1',
      '#end',
    ],
  ])('begins anew if %s, and one line names the field', async (_, before, after, word, field) => {
    const app = await open({ ...files, 'logic.ts': before })
    const said = notes(app)
    await app.shows(/^a \w+$/)
    await app.page.evaluate(() => proxy['add']!('b'))
    await app.shows(/^a,b/)
    await app.save('logic.ts', after)
    await app.shows(`a ${word}`)
    expect(said).toHaveLength(1)
    expect(said[0]).toContain(field)
    expect(said[0]).toContain("thread 'app'")
    app.isUntouched()
  })

  test('goes on in a thread that tabs share, and is the same in all of them', async () => {
    const app = await open({
      'main.ts': main.replace(`name: 'app'`, `name: 'app', shared: true`),
      'logic.ts': plain('word() { return "v0" }'),
    })
    const other = await visit(app.url, app)
    await app.shows('a v0')
    await other.page.evaluate(() => proxy['add']!('b'))
    for (let n = 1; n <= 3; n++) {
      await app.save('logic.ts', plain(`word() { return "v${n}" } #unused() { return ${n} }`))
      await expect
        .poll(() => app.page.evaluate(() => proxy['word']!().catch(() => '')), patient)
        .toBe(`v${n}`)
      await expect
        .poll(() => other.page.evaluate(() => proxy['word']!().catch(() => '')), patient)
        .toBe(`v${n}`)
      await other.page.evaluate((row) => proxy['add']!(row), `${n}`)
    }
    await app.shows('a,b,1,2,3 v3')
    await other.page.close()
  })
})

describe('a logic that cannot run', { timeout: 60_000 }, () => {
  /** The page has typed input and a second row, which are there in the end. */
  async function openWithRows(more: Record<string, string> = {}) {
    const app = await open({ ...files, ...more })
    await app.shows('a v0')
    await app.page.evaluate(() => proxy['add']!('b'))
    return app
  }

  test('since it has a syntax error: the overlay shows, the old thread goes on, and the next save clears it', async () => {
    const app = await openWithRows()
    await app.save('logic.ts', `${logic('v1')} }`)
    await expect.poll(() => overlayOf(app), patient).toContain('logic.ts')
    expect(await app.page.evaluate(() => proxy['word']!())).toBe('v0')
    expect(await stateOf(app)).toMatchObject({ state: 'ready', epoch: 1 })
    expect(app.lines.join('\n')).toContain('logic.ts')

    await app.save('logic.ts', logic('v2'))
    await app.shows('a,b v2')
    expect(await overlayOf(app)).toBe('')
    expect(app.navigations).toHaveLength(1)
  })

  test('since a module deep below has a syntax error, though another one is saved meanwhile', async () => {
    const app = await openWithRows({
      'logic.ts': logic('v0', `import { word } from './deep/word'; const unused = word`),
      'deep/word.ts': `export const word = 'w0'`,
    })
    await app.save('deep/word.ts', 'export const word =')
    await expect.poll(() => overlayOf(app), patient).toContain('word.ts')
    await app.save('logic.ts', logic('v1', `import { word } from './deep/word'; const unused = word`))
    await expect
      .poll(() => app.lines.filter((line) => line.includes('Internal server error')).length, patient)
      .toBe(2)
    expect(await stateOf(app)).toMatchObject({ state: 'ready', epoch: 1 })
    expect(await app.page.evaluate(() => proxy['word']!())).toBe('v0')

    await app.save('deep/word.ts', `export const word = 'w1'`)
    await app.shows('a,b v1')
    expect(await overlayOf(app)).toBe('')
    expect(app.navigations).toHaveLength(1)
  })

  test('does not hold back the threads of other logics', async () => {
    const app = await openWithRows({
      'main.ts': `${main}; import './other'`,
      'other.ts': `import { bgThread } from 'bgthread'; bgThread(() => import('./other-logic'), { name: 'other' })`,
      'other-logic.ts': logic('other'),
    })
    await app.hasWorkers(2)
    await app.save('other-logic.ts', 'export default class {')
    await expect.poll(() => overlayOf(app), patient).toContain('other-logic.ts')
    await app.save('logic.ts', logic('v1'))
    await app.shows('a,b v1')
    expect(app.navigations).toHaveLength(1)
  })

  test('since its file was renamed: the thread of the new file follows, and the old one is forgotten', async () => {
    const app = await open(
      {
        'main.ts': `import { mount } from 'svelte'; import App from './App.svelte'; mount(App, { target: document.body })`,
        'App.svelte': `
          <script>
            import { bgStore } from 'bgthread/svelte'
            import { proxy } from './app'
            const view = bgStore(proxy.view)
          </script>
          <p>{$view?.rows} {$view?.word}</p>`,
        'app.ts': `${start}; export { proxy }`,
        'logic.ts': logic('v0'),
      },
      [svelte({ configFile: false })],
    )
    await app.shows('a v0')
    await app.save('renamed.ts', logic('v1'))
    await app.remove('logic.ts')
    await app.save('app.ts', `${start}; export { proxy }`.replace('./logic', './renamed'))
    await app.shows('a v1')
    for (let n = 2; n <= 3; n++) {
      await app.save('renamed.ts', logic(`v${n}`))
      await app.shows(`a v${n}`)
    }
    expect(await overlayOf(app)).toBe('')
    await app.hasWorkers(1)
    expect(app.navigations).toHaveLength(1)
  })

  test('since its file is gone for a while, as while another branch is looked at', async () => {
    const app = await openWithRows()
    await app.remove('logic.ts')
    await expect.poll(() => overlayOf(app), patient).toContain('logic.ts')
    expect(await app.page.evaluate(() => proxy['word']!())).toBe('v0')
    await app.save('logic.ts', logic('v1'))
    await app.shows('a,b v1')
    expect(await overlayOf(app)).toBe('')
    expect(app.navigations).toHaveLength(1)
  })

  test('since a module that it imports is missing, until that is there', async () => {
    const app = await openWithRows()
    await app.save('logic.ts', logic('v1', `import './new'`))
    await expect.poll(() => overlayOf(app), patient).toContain('./new')
    expect(await app.page.evaluate(() => proxy['word']!())).toBe('v0')
    await app.save('new.ts', 'export {}')
    await app.shows('a,b v1')
    expect(await overlayOf(app)).toBe('')
    expect(app.navigations).toHaveLength(1)
  })

  test('since a module that it imports was deleted', async () => {
    const app = await openWithRows({ 'logic.ts': logic('v0', `import './part'`), 'part.ts': 'export {}' })
    await app.remove('part.ts')
    await expect.poll(() => overlayOf(app), patient).toContain('/part')
    expect(await app.page.evaluate(() => proxy['word']!())).toBe('v0')
    await app.save('logic.ts', logic('v1'))
    await app.shows('a,b v1')
    expect(app.navigations).toHaveLength(1)
  })

  test.each([
    ['its module throws', logic('v1', `throw new Error('of the module')`)],
    [
      'its constructor throws',
      logic('v1').replace('#rows =', `#none = (() => { throw new Error('of the module') })(); #rows =`),
    ],
    [
      'its onStart rejects',
      logic('v1').replace('word()', `async onStart() { throw new Error('of the module') } word()`),
    ],
    [
      'an import has no such name',
      logic('v1', `import { nothing } from './empty'; nothing; // of the module`),
    ],
  ])(
    'since %s: the thread has failed, the overlay shows, and the next save starts it with its state',
    async (_, broken) => {
      const app = await openWithRows({ 'empty.ts': 'export {}' })
      await app.save('logic.ts', broken)
      await expect.poll(async () => (await stateOf(app))?.state, patient).toBe('failed')
      await expect.poll(() => overlayOf(app), patient).toMatch(/of the module|nothing/)
      await app.hasWorkers(0)
      expect(await app.page.evaluate(() => proxy['word']!().catch((error: Error) => error.name))).toBe(
        'ThreadStartError',
      )

      await app.save('logic.ts', logic('v2'))
      await app.shows('a,b v2')
      expect(await overlayOf(app)).toBe('')
      expect(await stateOf(app)).toMatchObject({ state: 'ready' })
      expect(app.navigations).toHaveLength(1)
    },
  )

  test('from the beginning starts with the next save, and its streams with it', async () => {
    const app = await open({ ...files, 'logic.ts': logic('v0', `throw new Error('not yet')`) })
    await expect.poll(async () => (await stateOf(app))?.state, patient).toBe('failed')
    await app.save('logic.ts', logic('v1'))
    await expect.poll(async () => (await stateOf(app))?.state, patient).toBe('ready')
    expect(await app.page.evaluate(() => proxy['word']!())).toBe('v1')
    await app.hasWorkers(1)
    expect(app.navigations).toHaveLength(1)
  })

  test('does not reload the page when a component is saved meanwhile', async () => {
    const component = (text: string) => `<script>import './app'</script><p>${text}</p>`
    const app = await open(
      {
        'main.ts': `import { mount } from 'svelte'; import App from './App.svelte'; mount(App, { target: document.body })`,
        'app.ts': start,
        'App.svelte': component('one'),
        'logic.ts': logic('v0'),
      },
      [svelte({ configFile: false })],
    )
    await app.shows('one')
    await app.save('logic.ts', `${logic('v1')} }`)
    await expect.poll(() => overlayOf(app), patient).toContain('logic.ts')
    await app.save('App.svelte', component('two'))
    await app.shows('two')
    await app.save('logic.ts', logic('v2'))
    await expect.poll(() => app.page.evaluate(() => proxy['word']!()), patient).toBe('v2')
    expect(app.navigations).toHaveLength(1)
  })
})

describe('around the thread', { timeout: 60_000 }, () => {
  const component = `
    <script>
      import { bgStore } from 'bgthread/svelte'
      import { proxy, word as pageWord } from './app'
      let shown = $state('')
      bgStore(proxy.view).subscribe((view) => view && (shown = view.rows + ' ' + view.word))
    </script>
    <p>{shown} {pageWord}</p>`
  const mount = `import { mount } from 'svelte'; import App from './App.svelte'; mount(App, { target: document.body })`
  const frameworks = [svelte({ configFile: false }), vue()]

  test('a module that page and logic share updates both', async () => {
    const app = await open(
      {
        'main.ts': mount,
        'App.svelte': component,
        'app.ts': `${start.replaceAll('const ', 'export const ')}; export { word } from './word'`,
        'logic.ts': logic("' + word + '", `import { word } from './word'`),
        'word.ts': `export const word = 'w0'`,
      },
      frameworks,
    )
    await app.shows('a w0 w0')
    await app.page.evaluate(() => proxy['add']!('b'))
    for (let n = 1; n <= 3; n++) {
      await app.save('word.ts', `export const word = 'w${n}'`)
      await app.shows(`a,b w${n} w${n}`)
      await app.hasWorkers(1)
    }
    app.isUntouched()
  })

  /** A module that starts a thread, and runs again when the number is saved. */
  const starter = (call: string) => `
    import { bgThread, bgPool } from 'bgthread'
    import { n } from './number'
    import { host } from './host'
    export const word = n
    export const thread = ${call}
    export const { proxy } = thread
    Object.assign(window, { thread, proxy })`
  const rerun = {
    'main.ts': mount,
    'App.svelte': component,
    'number.ts': `export const n = 0`,
    'host.ts': `export const host = { name: () => 'h0' }`,
    'logic.ts': logic('v0').replace(
      'word()',
      'onStart({ host }) { this.host = host } named() { return this.host.name() } word()',
    ),
  }
  const call = `bgThread(() => import('./logic'), { name: 'app' })`

  test.each([
    ['is in the module', starter(call)],
    ['is in a function of the module', starter(`(() => ${call})()`)],
    [
      'has its options in place',
      starter(call.replace(`'app'`, `'app', onError: () => {}, limits: { calls: n ? 500 : 500 }`)),
    ],
  ])('a module that runs again keeps the thread that it has started, if the call %s', async (_, code) => {
    const app = await open({ ...rerun, 'app.ts': code }, frameworks)
    await app.shows('a v0 0')
    await app.page.evaluate(() => proxy['add']!('b'))
    for (let n = 1; n <= 3; n++) {
      await app.save('number.ts', `export const n = ${n}`)
      await app.shows(`a,b v0 ${n}`)
    }
    expect(await stateOf(app)).toMatchObject({ state: 'ready', epoch: 1 })
    await app.hasWorkers(1)
    app.isUntouched()
  })

  test('a thread whose arguments have changed starts anew', async () => {
    const app = await open(
      {
        ...rerun,
        'app.ts': starter(call.replace(`'app'`, `'app', args: [n]`)),
        'logic.ts': logic('v0').replace(
          '#rows = state',
          `constructor(n) { this.#set(['a', n]) } #rows = state`,
        ),
      },
      frameworks,
    )
    await app.shows('a,0 v0 0')
    await app.page.evaluate(() => proxy['add']!('b'))
    await app.save('number.ts', `export const n = 1`)
    await app.shows('a,1 v0 1')
    await app.hasWorkers(1)
    app.isUntouched()
  })

  test('a thread whose name has changed ends, and a new one takes its place', async () => {
    const app = await open({ ...rerun, 'app.ts': starter(call.replace(`'app'`, "'app ' + n")) }, frameworks)
    await app.shows('a v0 0')
    await app.page.evaluate(() => proxy['add']!('b'))
    await app.save('number.ts', `export const n = 1`)
    await app.shows('a v0 1')
    expect(await app.page.evaluate(() => thread.name)).toBe('app 1')
    await app.hasWorkers(1)
    app.isUntouched()
  })

  test('a thread that its module does not start any more ends', async () => {
    const app = await open(
      {
        ...rerun,
        'app.ts': `${starter(call)}; export const other = bgThread(() => import('./logic'), { name: 'other' })`,
      },
      frameworks,
    )
    await app.shows('a v0 0')
    await app.hasWorkers(2)
    await app.save('app.ts', starter(call))
    await app.hasWorkers(1)
    await app.shows('a v0 0')
    app.isUntouched()
  })

  test('a thread gets the services of the module that runs again, and goes on with its state', async () => {
    const app = await open(
      { ...rerun, 'app.ts': starter(call.replace(`'app'`, `'app', host: { name: () => host.name() + n }`)) },
      frameworks,
    )
    await app.shows('a v0 0')
    await app.page.evaluate(() => proxy['add']!('b'))
    expect(await app.page.evaluate(() => proxy['named']!())).toBe('h00')
    await app.save('host.ts', `export const host = { name: () => 'h1' }`)
    await expect.poll(() => app.page.evaluate(() => proxy['named']!().catch(String)), patient).toBe('h10')
    await app.shows('a,b v0 0')
    await app.hasWorkers(1)
    app.isUntouched()
  })

  test('a thread that was closed is not taken over', async () => {
    const app = await open({ ...rerun, 'app.ts': starter(call) }, frameworks)
    await app.shows('a v0 0')
    await app.page.evaluate(() => thread.close())
    await app.save('number.ts', `export const n = 1`)
    await app.shows('a v0 1')
    await app.hasWorkers(1)
    app.isUntouched()
  })

  test('a thread that a function of another module starts is not started twice: the page reloads, and says why', async () => {
    const app = await open(
      {
        ...rerun,
        'app.ts': starter(`start()`).replace(
          `import { host }`,
          `import { start } from './start'; import { host }`,
        ),
        'start.ts': `import { bgThread } from 'bgthread'; export const start = () => ${call}`,
      },
      frameworks,
    )
    await app.shows('a v0 0')
    await app.save('number.ts', `export const n = 1`)
    await app.shows('a v0 1')
    await app.hasWorkers(1)
    expect(app.navigations).toHaveLength(2)
    expect(app.lines).toContain('page reload number.ts (app.ts runs again, and it starts a thread)')
  })

  test('a thread ends when its module is not imported any more', async () => {
    const app = await open({ ...rerun, 'app.ts': starter(call) }, frameworks)
    await app.shows('a v0 0')
    await app.save('App.svelte', '<p>nothing</p>')
    await app.shows('nothing')
    await app.hasWorkers(0)
    app.isUntouched()
  })

  test('a pool that its module starts is kept, and replaced if its options change', async () => {
    const pool = `bgPool(() => import('./logic'), { name: 'app', size: 1, args: [n > 1] })`
    const app = await open({ ...rerun, 'app.ts': starter(pool) }, frameworks)
    await app.shows('a v0 0')
    await app.page.evaluate(() => proxy['add']!('b'))
    await app.save('number.ts', `export const n = 1`)
    await app.shows('a,b v0 1')
    await app.save('number.ts', `export const n = 2`)
    await app.shows('a v0 2')
    await app.hasWorkers(1)
    app.isUntouched()
  })

  test('a fallback that was not needed does not reload the page', async () => {
    const app = await open({
      ...files,
      'main.ts': main.replace(`name: 'app'`, `name: 'app', fallback: () => import('./logic')`),
    })
    await app.shows('a v0')
    await app.page.evaluate(() => proxy['add']!('b'))
    await app.save('logic.ts', logic('v1'))
    await app.shows('a,b v1')
    app.isUntouched()
  })

  test('CSS that page and logic import updates the page alone', async () => {
    const app = await open({
      'main.ts': `import './look.css'; ${main}`,
      'logic.ts': `import './look.css'; ${logic('v0')}`,
      'look.css': 'body { color: rgb(1, 2, 3) }',
    })
    await app.shows('a v0')
    await app.save('look.css', 'body { color: rgb(4, 5, 6) }')
    const color = () => app.page.evaluate(() => getComputedStyle(document.body).color)
    await expect.poll(color, patient).toBe('rgb(4, 5, 6)')
    expect(app.lines.join()).not.toContain('thread of')
    expect(await stateOf(app)).toMatchObject({ state: 'ready', epoch: 1 })
    app.isUntouched()
  })

  test('a thread of Vue components follows', async () => {
    const app = await open(
      {
        'main.ts': `import { createApp } from 'vue'; import App from './App.vue'; createApp(App).mount(document.body)`,
        'App.vue': `
          <script setup>
            import { bgThread } from 'bgthread'
            import { useBgRef } from 'bgthread/vue'
            const thread = bgThread(() => import('./logic'), { name: 'app' })
            Object.assign(window, { proxy: thread.proxy })
            const view = useBgRef(thread.proxy.view)
          </script>
          <template>{{ view?.rows.join() }} {{ view?.word }} t0</template>`,
        'logic.ts': logic('v0'),
      },
      frameworks,
    )
    await app.shows('a v0 t0')
    await app.page.evaluate(() => proxy['add']!('b'))
    await app.save('logic.ts', logic('v1'))
    await app.shows('a,b v1 t0')
    await app.hasWorkers(1)
    app.isUntouched()
  })

  test('a pool follows, thread by thread', async () => {
    const app = await open({
      'main.ts': `
        import { bgPool } from 'bgthread'
        const { proxy } = bgPool(() => import('./logic'), { size: 2 })
        Object.assign(window, { proxy })
        Promise.all([proxy.word(), proxy.word()]).then((words) => (document.body.innerText = words))`,
      'logic.ts': logic('v0'),
    })
    await app.shows('v0,v0')
    await app.hasWorkers(2)
    await app.save('logic.ts', logic('v1'))
    const both = () =>
      app.page.evaluate(() => Promise.all([proxy['word']!(), proxy['word']!()]).catch(String))
    await expect.poll(both, patient).toEqual(['v1', 'v1'])
    await app.hasWorkers(2)
    app.isUntouched()
  })

  test('a computed function follows, and what is being computed is done', async () => {
    const parse = (word: string) =>
      `export default (wait) => new Promise((resolve) => setTimeout(() => resolve('${word}'), wait))`
    const app = await open({
      'main.ts': `
        import { bgCompute } from 'bgthread'
        const proxy = { parse: (wait) => bgCompute(() => import('./parse'), wait) }
        Object.assign(window, { proxy })
        proxy.parse(0).then((word) => (document.body.innerText = word))`,
      'parse.ts': parse('v0'),
    })
    await app.shows('v0')
    const slow = app.page.evaluate(() => proxy['parse']!(1_000))
    await app.save('parse.ts', parse('v1'))
    await expect.poll(() => app.page.evaluate(() => proxy['parse']!(0)), patient).toBe('v1')
    expect(await slow).toBe('v0')
    app.isUntouched()
  })

  const nested = {
    'main.ts': main,
    'logic.ts': `
      import { bgThread } from 'bgthread'
      import { state } from 'bgthread/worker'
      const inner = bgThread(() => import('./inner'), { name: 'inner' })
      export default class {
        #view = state({ rows: 'outer', word: '' })
        constructor() { inner.proxy.view().subscribe((view) => this.#view.set(view)) }
        add(row) { return inner.proxy.add(row) }
        word() { return inner.proxy.word() }
        view() { return this.#view }
        saveState() { return 1 }
      }`,
    'inner.ts': logic('v0'),
  }

  test('a thread inside another one is replaced alone', async () => {
    const app = await open(nested)
    await app.shows('a v0')
    await app.page.evaluate(() => proxy['add']!('b'))
    for (let n = 1; n <= 3; n++) {
      await app.save('inner.ts', logic(`v${n}`))
      await app.shows(`a,b v${n}`)
    }
    expect(await stateOf(app)).toMatchObject({ state: 'ready', epoch: 1 })
    app.isUntouched()
  })

  test('a thread inside another one that does not start shows the overlay', async () => {
    const app = await open(nested)
    await app.shows('a v0')
    await app.save('inner.ts', logic('v1', `throw new Error('inside')`))
    await expect.poll(() => overlayOf(app), patient).toContain('inside')
    await app.save('inner.ts', logic('v2'))
    await expect.poll(() => app.page.evaluate(() => proxy['word']!().catch(String)), patient).toBe('v2')
    expect(await overlayOf(app)).toBe('')
    expect(app.navigations).toHaveLength(1)
  })

  test('a shared thread follows in all tabs, with its state', async () => {
    const app = await open({ ...files, 'main.ts': main.replace(`name: 'app'`, `name: 'app', shared: true`) })
    const other = await visit(app.url, app)
    const shown = ({ page }: Visit, text: string) =>
      expect.poll(() => page.evaluate(() => document.body.innerText), patient).toBe(text)
    await app.shows('a v0')
    await shown(other, 'a v0')
    await other.page.evaluate(() => proxy['add']!('b'))
    for (let n = 1; n <= 3; n++) {
      await app.save('logic.ts', logic(`v${n}`))
      await app.shows(`a,b v${n}`)
      await shown(other, `a,b v${n}`)
    }
    // It is one thread still.
    await app.page.evaluate(() => proxy['add']!('c'))
    await expect
      .poll(
        () =>
          other.page.evaluate(
            () =>
              new Promise((got) =>
                (proxy['rows']!() as unknown as { subscribe(next: unknown): void }).subscribe(got),
              ),
          ),
        patient,
      )
      .toEqual(['a', 'b', 'c'])
    expect(app.navigations).toHaveLength(1)
    expect(other.navigations).toHaveLength(1)
    await other.page.close()
  })
})
