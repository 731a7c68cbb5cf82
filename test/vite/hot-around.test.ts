import { svelte } from '@sveltejs/vite-plugin-svelte'
import vue from '@vitejs/plugin-vue'
import { describe, expect, test } from 'vitest'
import type { Thread } from 'bgthread'
import { visit, type Visit } from './support/browser.js'
import { files, logic, main, openSaved, overlayOf, start, stateOf } from './support/hot-app.js'
import { patient } from './support/patient.js'

declare const thread: Thread<object>
declare const proxy: Record<string, (...args: unknown[]) => Promise<unknown>>

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
    const app = await openSaved(
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
    const app = await openSaved({ ...rerun, 'app.ts': code }, frameworks)
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
    const app = await openSaved(
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
    const app = await openSaved(
      { ...rerun, 'app.ts': starter(call.replace(`'app'`, "'app ' + n")) },
      frameworks,
    )
    await app.shows('a v0 0')
    await app.page.evaluate(() => proxy['add']!('b'))
    await app.save('number.ts', `export const n = 1`)
    await app.shows('a v0 1')
    expect(await app.page.evaluate(() => thread.name)).toBe('app 1')
    await app.hasWorkers(1)
    app.isUntouched()
  })

  test('a thread that its module does not start any more ends', async () => {
    const app = await openSaved(
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
    const app = await openSaved(
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
    const app = await openSaved({ ...rerun, 'app.ts': starter(call) }, frameworks)
    await app.shows('a v0 0')
    await app.page.evaluate(() => thread.close())
    await app.save('number.ts', `export const n = 1`)
    await app.shows('a v0 1')
    await app.hasWorkers(1)
    app.isUntouched()
  })

  test('a thread that a function of another module starts is not started twice: the page reloads, and says why', async () => {
    const app = await openSaved(
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
    const app = await openSaved({ ...rerun, 'app.ts': starter(call) }, frameworks)
    await app.shows('a v0 0')
    await app.save('App.svelte', '<p>nothing</p>')
    await app.shows('nothing')
    await app.hasWorkers(0)
    app.isUntouched()
  })

  test('a pool that its module starts is kept, and replaced if its options change', async () => {
    const pool = `bgPool(() => import('./logic'), { name: 'app', size: 1, args: [n > 1] })`
    const app = await openSaved({ ...rerun, 'app.ts': starter(pool) }, frameworks)
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
    const app = await openSaved({
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
    const app = await openSaved({
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
    const app = await openSaved(
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
    const app = await openSaved({
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
    const app = await openSaved({
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
    const app = await openSaved(nested)
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
    const app = await openSaved(nested)
    await app.shows('a v0')
    await app.save('inner.ts', logic('v1', `throw new Error('inside')`))
    await expect.poll(() => overlayOf(app), patient).toContain('inside')
    await app.save('inner.ts', logic('v2'))
    await expect.poll(() => app.page.evaluate(() => proxy['word']!().catch(String)), patient).toBe('v2')
    expect(await overlayOf(app)).toBe('')
    expect(app.navigations).toHaveLength(1)
  })

  test('a shared thread follows in all tabs, with its state', async () => {
    const app = await openSaved({
      ...files,
      'main.ts': main.replace(`name: 'app'`, `name: 'app', shared: true`),
    })
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
