import { svelte } from '@sveltejs/vite-plugin-svelte'
import { describe, expect, test } from 'vitest'
import { files, logic, main, openSaved, overlayOf, start, stateOf } from './support/hot-app.js'
import { patient } from './support/patient.js'

declare const proxy: Record<string, (...args: unknown[]) => Promise<unknown>>

describe('a logic that cannot run', { timeout: 60_000 }, () => {
  /** The page has typed input and a second row, which are there in the end. */
  async function openWithRows(more: Record<string, string> = {}) {
    const app = await openSaved({ ...files, ...more })
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
    const app = await openSaved(
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
    const app = await openSaved({ ...files, 'logic.ts': logic('v0', `throw new Error('not yet')`) })
    await expect.poll(async () => (await stateOf(app))?.state, patient).toBe('failed')
    await app.save('logic.ts', logic('v1'))
    await expect.poll(async () => (await stateOf(app))?.state, patient).toBe('ready')
    expect(await app.page.evaluate(() => proxy['word']!())).toBe('v1')
    await app.hasWorkers(1)
    expect(app.navigations).toHaveLength(1)
  })

  test('does not reload the page when a component is saved meanwhile', async () => {
    const component = (text: string) => `<script>import './app'</script><p>${text}</p>`
    const app = await openSaved(
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
