/** Saves of a logic in the projects of users, each with the framework's own development server, seen in Chromium. */
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { visit, type Visit } from '../vite/support/browser'
import { projects } from './hot/projects'
import { makeProject, type Server } from './project'

const patient = { timeout: 30_000 }
const saves = 20

describe.each(Object.keys(projects))('%s', (name) => {
  const { dependencies, node, files, server, logic } = projects[name]!
  let folder = ''
  let site: Server | undefined
  let visited: Visit
  /** The rows that the page is to show. */
  const rows: string[] = []
  /** The edition and the word of the code that is to run. */
  let code = { edition: 0, word: 'first' }
  const text = () => `edition ${code.edition}, ${code.word}`

  const paragraph = () => visited.page.textContent('p')
  const list = () => visited.page.locator('li').allTextContents()

  /** Adds a row, as a user does, but does not scroll to the button. */
  async function add() {
    await visited.page.evaluate(() => document.querySelector('button')!.click())
    rows.push(`${rows.length + 1}: ${text()}`)
    await expect.poll(list, patient).toEqual(rows)
  }

  const write = (file: string, content: string) => writeFileSync(join(folder, logic, file), content)

  /** Saves a module of the logic, and returns the time in ms until the page shows that the new code runs. */
  async function save(next: typeof code) {
    const before = code
    code = next
    const shown = `${text()}, ${rows.length} rows`
    const isShown = visited.page.waitForFunction(
      (shown) => document.querySelector('p')?.textContent === shown,
      shown,
      patient,
    )
    const start = performance.now()
    if (before.word !== code.word) write('words.ts', words())
    else write('logic.ts', source())
    await isShown.catch(async () => expect(await paragraph()).toBe(shown))
    return performance.now() - start
  }
  const source = () =>
    readFileSync(new URL('hot/logic.ts', import.meta.url), 'utf8').replaceAll(
      'edition 0',
      `edition ${code.edition}`,
    )
  const words = () => `export const word = '${code.word}'\n`

  /** What a user has done to the page. */
  const look = () =>
    visited.page.evaluate(() => ({
      typed: document.querySelector('input')!.value,
      shown: document.querySelector('output')!.textContent,
      focused: document.activeElement?.localName,
      scrolled: window.scrollY,
      // Another one after a reload.
      start: performance.timeOrigin,
    }))
  const touched = { typed: 'typed', shown: 'typed', focused: 'input', scrolled: 1234, start: 0 }

  /** The page is as a user has left it, with all rows, and one thread. */
  async function expectKept() {
    expect(await look()).toEqual(touched)
    await expect.poll(list, patient).toEqual(rows)
    await add()
    await expect.poll(() => visited.page.workers().length, patient).toBe(1)
    expect(visited.problems).toEqual([])
  }

  beforeAll(async () => {
    const project = await makeProject(files, dependencies, node)
    folder = project.folder
    site = await project.serve(server[0], server.slice(1))
    const { url } = site
    // A server that is new may optimize dependencies and reload.
    const { page } = await open(url)
    await page.waitForLoadState('networkidle')
    await page.close()

    visited = await open(url)
    await visited.page.fill('input', touched.typed)
    await visited.page.evaluate((y) => window.scrollTo(0, y), touched.scrolled)
    touched.start = await visited.page.evaluate(() => performance.timeOrigin)
  })

  afterAll(async () => {
    await visited?.page.close()
    await site?.stop()
  })

  async function open(url: string) {
    const visited = await visit(url)
    await visited.page.waitForFunction(
      (shown) => document.querySelector('p')?.textContent === shown,
      `${text()}, 0 rows`,
      patient,
    )
    return visited
  }

  /** Breaks the logic, and mends it. */
  async function expectBreakable() {
    const overlay = () => visited.page.locator('vite-error-overlay').count()
    write('logic.ts', `${source()}\nclass {{`)
    await expect.poll(overlay, patient).toBe(1)
    await expectKept()
    await save({ ...code, edition: code.edition + 1 })
    await expect.poll(overlay, patient).toBe(0)
    await expectKept()
  }

  test('the page shows the rows of its thread', async () => {
    await add()
    await expectKept()
  })

  test(
    'a syntax error as the first save shows the overlay, and the thread and the page go on',
    expectBreakable,
  )

  test(`${saves} saves of the logic and ${saves} of a module that only it imports replace the thread alone`, async () => {
    const times: number[] = []
    for (let n = 1; n <= saves; n++) {
      times.push(await save({ ...code, edition: code.edition + 1 }))
      await expectKept()
      times.push(await save({ ...code, word: `word ${n}` }))
      await expectKept()
    }
    const sorted = times.sort((a, b) => a - b).map(Math.round)
    console.log(
      `${name}: from save to live code ${sorted[saves]} ms in the median, ${sorted.at(-1)} ms at most`,
    )
  })

  test('a syntax error after these shows the overlay, and the thread and the page go on', expectBreakable)
})
