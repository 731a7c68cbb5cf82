import { svelte } from '@sveltejs/vite-plugin-svelte'
import { describe, expect, test } from 'vitest'
import bgthread from 'bgthread/vite'
import { countingPage, files, logic, main, openSaved, start, stateOf } from './support/hot-app.js'
import { patient } from './support/patient.js'

declare const proxy: Record<string, (...args: unknown[]) => Promise<unknown>>

describe('saving a logic', { timeout: 60_000 }, () => {
  test('replaces its thread alone, fifty times in a row', async () => {
    const app = await openSaved(
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
        'index.html': countingPage,
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
    const app = await openSaved({
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
    const app = await openSaved({
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
    const app = await openSaved({
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
    const app = await openSaved(
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
    const app = await openSaved(files)
    await app.shows('a v0')
    await app.page.evaluate(() => proxy['add']!('b'))
    for (let n = 1; n <= 20; n++) await app.save('logic.ts', logic(`v${n}`))
    await app.shows('a,b v20')
    await app.hasWorkers(1)
    app.isUntouched()
  })

  test('while its thread starts for the first time is followed', async () => {
    const app = await openSaved({
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
    const app = await openSaved(files, [], { plugins: [bgthread({ hot: false })] })
    await app.shows('a v0')
    await app.page.evaluate(() => proxy['add']!('b'))
    await app.save('logic.ts', logic('v1'))
    await app.shows('a v1')
    expect(app.navigations).toHaveLength(2)
  })
})
