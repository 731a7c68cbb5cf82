/** The rounds of a measure, with pages in a real browser. */
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Browser } from 'playwright'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { defineMeasure, type Context, type Measure } from '../../bench/harness/measure.js'
import { runRounds } from '../../bench/harness/rounds.js'
import { serve, type Server } from '../../bench/harness/serve.js'
import { launchChromium } from '../support/chromium.js'

const contenders = ['one', 'two', 'three', 'unable']

let folder: string
let server: Server
let browser: Browser

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'bgthread-rounds-'))
  for (const name of contenders) {
    const page = join(folder, 'contenders', name)
    await mkdir(page, { recursive: true })
    const cannot = name === 'unable' ? { move: 'It does not move.' } : {}
    await writeFile(
      join(page, 'index.html'),
      `<!doctype html><script>bench = ${JSON.stringify({ cannot })}; runs = 0</script>`,
    )
  }
  server = await serve(folder)
  browser = await launchChromium()
})

afterAll(async () => {
  await browser?.close()
  await server?.close()
  await rm(folder, { recursive: true, force: true })
})

const count = { title: 'A number', unit: 'ms', better: 'lower' } as const

/** Runs a measure, and gives what it found and who ran when: `-1 one`. */
async function run(rounds: number, measure: Omit<Measure<''>, 'id' | 'results'>) {
  const runs: { round: number; contender: string }[] = []
  const found = await runRounds(defineMeasure({ id: 'test', results: { '': count }, ...measure }), {
    browser,
    url: server.url,
    contenders,
    rounds,
    quick: true,
    onRun: (round, contender) => runs.push({ round, contender }),
  })
  const inRound = (round: number) => runs.filter((run) => run.round === round).map((run) => run.contender)
  return { found: found['']!, runs, inRound }
}

/** How often this page has run. */
const nextRun = ({ evaluate }: Context) => evaluate(() => ++(globalThis as unknown as { runs: number }).runs)

it('runs every contender once a round, in a page it keeps, and leaves the first round uncounted', async () => {
  const { found, runs, inRound } = await run(4, { run: async (context) => ({ '': await nextRun(context) }) })
  expect(runs).toHaveLength(5 * contenders.length)
  for (const round of [-1, 0, 1, 2, 3]) expect(inRound(round).sort()).toEqual([...contenders].sort())
  for (const name of contenders) expect(found[name]).toEqual({ median: 3.5, min: 2, max: 5, n: 4 })
})

it('gives every round a new page where the measure wants one, and counts them all', async () => {
  const { found, inRound } = await run(2, {
    fresh: true,
    run: async (context) => ({ '': await nextRun(context) }),
  })
  expect(inRound(-1)).toEqual([])
  for (const name of contenders) expect(found[name]).toEqual({ median: 1, min: 1, max: 1, n: 2 })
})

it('has no more rounds than the measure wants', async () => {
  const { found } = await run(9, { rounds: 1, run: async ({ round }) => ({ '': round + 10 }) })
  expect(found['one']).toEqual({ median: 10, min: 10, max: 10, n: 1 })
})

it('has the sentence of a contender that cannot do it, and does not try', async () => {
  const tried: string[] = []
  const { found, runs } = await run(2, {
    needs: ['copy', 'move'],
    async run({ contender }) {
      tried.push(contender)
      return { '': 1 }
    },
  })
  expect(found['unable']).toEqual({ cannot: 'It does not move.' })
  expect(tried).not.toContain('unable')
  expect(runs.filter(({ contender }) => contender === 'unable')).toHaveLength(1)
  expect(found['one']).toMatchObject({ median: 1, n: 2 })
})

it('gives up a contender that fails, hangs, or says that it cannot, and goes on with the others', async () => {
  const { found, runs } = await run(2, {
    limit: 1_000,
    async run({ contender }) {
      if (contender === 'one') throw new Error('1 + 2 is not 4')
      if (contender === 'two') await new Promise(() => {})
      return contender === 'three' ? { cannot: 'Its clock is wrong.' } : { '': 7 }
    },
  })
  expect(found).toEqual({
    one: { cannot: 'It failed: Error: 1 + 2 is not 4' },
    two: { cannot: 'It took more than 1 s.' },
    three: { cannot: 'Its clock is wrong.' },
    unable: { median: 7, min: 7, max: 7, n: 2 },
  })
  expect(runs).toHaveLength(3 + 3)
})

it('has the numbers of a result that most rounds have, else why they have none', async () => {
  const { found } = await run(3, {
    run: async ({ contender, round }) => ({
      '': round < (contender === 'one' ? 1 : 2) ? { cannot: 'It was too soon.' } : round,
    }),
  })
  expect(found['one']).toEqual({ median: 1.5, min: 1, max: 2, n: 2 })
  expect(found['two']).toEqual({ cannot: 'It was too soon.' })
})

it('says what a function in the page gives, throws, and how long it kept the UI thread busy', async () => {
  const { found } = await run(1, {
    fresh: true,
    async run({ timed }) {
      const idle = await timed(() => 'nothing')
      const busy = await timed((turns: number) => {
        let sum = 0
        for (let i = 0; i < turns; i++) sum += Math.sqrt(i)
        return sum > turns
      }, 3e7)
      expect([idle.value, busy.value]).toEqual(['nothing', true])
      expect(busy.main).toBeGreaterThan(idle.main)
      await expect(timed(() => Promise.reject(new TypeError('no sum')))).rejects.toThrow('TypeError: no sum')
      return { '': 1 }
    },
  })
  for (const name of contenders) expect(found[name]).toMatchObject({ n: 1 })
})
