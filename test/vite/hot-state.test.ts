import { describe, expect, test } from 'vitest'
import { visit } from './support/browser.js'
import { files, main, openSaved, type App } from './support/hot-app.js'
import { patient } from './support/patient.js'

declare const proxy: Record<string, (...args: unknown[]) => Promise<unknown>>

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
    const app = await openSaved({ ...files, 'logic.ts': code('v0') })
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
    const app = await openSaved({ ...files, 'logic.ts': before })
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
    const app = await openSaved({
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
