import { spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { goals } from '../../bench/goals'
import { findContenders } from '../../bench/harness/build'
import { choose } from '../../bench/harness/choose'
import { rowId, type Cannot } from '../../bench/harness/measure'
import { parseOptions } from '../../bench/harness/options.mjs'
import { checkGoals, type Row } from '../../bench/harness/results'
import { shuffled, summarise } from '../../bench/harness/statistics'
import { measures } from '../../bench/measures/index'
import { nameOf } from '../../bench/report/numbers'

const bench = (path: string) => fileURLToPath(new URL(`../../bench/${path}`, import.meta.url))

const contenders = await findContenders()
const anyNumbers = fc.array(fc.double({ noNaN: true, min: -1e9, max: 1e9 }), { minLength: 1 })

/** Those that are there more than once. */
const repeated = (values: readonly string[]) => values.filter((value, i) => values.indexOf(value) < i)

describe('a summary', () => {
  it('has the middle one of an odd number of rounds', () => {
    expect(summarise([100, 9, 10]).median).toBe(10)
    expect(summarise([7]).median).toBe(7)
  })

  it('has what is between the middle two of an even number', () => {
    expect(summarise([100, 2, 10, 3]).median).toBe(6.5)
  })

  it('has the lowest, the highest and their number', () => {
    expect(summarise([30, 4, 200])).toEqual({ median: 30, min: 4, max: 200, n: 3 })
  })

  it('has as many numbers below its median as above, and takes none away', () => {
    fc.assert(
      fc.property(anyNumbers, (numbers) => {
        const copy = [...numbers]
        const { median, min, max, n } = summarise(numbers)
        expect(numbers).toEqual(copy)
        expect([min, max, n]).toEqual([Math.min(...numbers), Math.max(...numbers), numbers.length])
        const below = numbers.filter((number) => number < median).length
        const above = numbers.filter((number) => number > median).length
        expect(Math.max(below, above)).toBeLessThanOrEqual(n / 2)
      }),
    )
  })
})

describe('a shuffled list', () => {
  it('has each value once, and is a copy', () => {
    fc.assert(
      fc.property(fc.uniqueArray(fc.string()), (values) => {
        const copy = [...values]
        const order = shuffled(values)
        expect(values).toEqual(copy)
        expect(order).not.toBe(values)
        expect([...order].sort()).toEqual(copy.sort())
      }),
    )
  })

  it('can have every order, each as likely as any other', () => {
    // Every way in which the three draws for four values can end, each as likely as any other.
    const draws = [0, 1, 2, 3].flatMap((a) => [0, 1, 2].flatMap((b) => [0, 1].map((c) => [a, b, c])))
    const orders = draws.map((places) => {
      let left = 4
      const random = () => (places[4 - left]! + 0.5) / left--
      return shuffled(['a', 'b', 'c', 'd'], random).join('')
    })
    expect(orders).toHaveLength(24)
    expect(repeated(orders)).toEqual([])
  })
})

describe('the command line', () => {
  it('asks for everything where it says nothing', () => {
    expect(parseOptions([])).toEqual({ only: [], bench: [], rounds: 9, quick: false, built: false })
  })

  it('names contenders and measures, with commas between them', () => {
    const line = '--only raw,bgthread --bench=calls,burst, --rounds 15 --built'
    expect(parseOptions(line.split(' '))).toEqual({
      only: ['raw', 'bgthread'],
      bench: ['calls', 'burst'],
      rounds: 15,
      quick: false,
      built: true,
    })
  })

  it('has three rounds where it shall be quick, unless it says how many', () => {
    expect(parseOptions(['--quick'])).toMatchObject({ quick: true, rounds: 3 })
    expect(parseOptions(['--quick', '--rounds', '1'])).toMatchObject({ quick: true, rounds: 1 })
  })

  it.each(['0', '', '2.5', 'many', 'Infinity', '-3'])('refuses %j rounds', (rounds) => {
    expect(() => parseOptions([`--rounds=${rounds}`])).toThrow(
      `--rounds needs a whole number of at least 1, not '${rounds}'`,
    )
  })

  it.each([
    [['--onyl', 'raw'], "Unknown option '--onyl'"],
    [['raw'], "Unexpected argument 'raw'"],
    [['--only'], "Option '--only <value>' argument missing"],
    [['--quick=yes'], "Option '--quick' does not take an argument"],
  ])('refuses %j', (args, message) => {
    expect(() => parseOptions(args)).toThrow(message)
  })

  it('ends the program where it is wrong, and says what would be right', () => {
    const program = `
      import { readOptions } from ${JSON.stringify(new URL('../../bench/harness/options.mjs', import.meta.url))}
      readOptions(['--rounds', '0'])
      console.log('goes on')`
    const { status, stdout, stderr } = spawnSync(
      process.execPath,
      ['--input-type=module', '--eval', program],
      { encoding: 'utf8' },
    )
    expect({ status, stdout }).toEqual({ status: 1, stdout: '' })
    expect(stderr).toMatch(/^--rounds needs a whole number of at least 1, not '0'\nnpm run bench -- \[--only/)
  })
})

describe('what is measured', () => {
  const named = (options: Partial<Parameters<typeof choose>[0]>) =>
    choose({ bench: [], only: [], ...options }, contenders).map(
      ({ measure, contenders }) => `${measure.id}: ${contenders.join(' ')}`,
    )

  it('is everything, where nothing is asked for', () => {
    const chosen = choose({ bench: [], only: [] }, contenders)
    expect(chosen.map(({ measure }) => measure)).toEqual(measures)
    expect(chosen[0]?.contenders).toEqual(contenders)
  })

  it('is every measure whose id begins so', () => {
    expect(named({ bench: ['burst', 'calls'], only: ['raw'] })).toEqual([
      'calls-first: raw',
      'calls-1000: raw',
      'calls-10000: raw',
      'burst: raw',
    ])
  })

  it('is no measure that none of the contenders takes part in', () => {
    expect(named({ bench: ['tables', 'size'], only: ['ui-thread'] })).toEqual([
      'tables-svelte: ui-thread',
      'tables-vue: ui-thread',
    ])
  })

  it('is an error where a measure is unknown', () => {
    expect(() => named({ bench: ['burst', 'calsl'] })).toThrow(
      "There is no measure whose id begins with 'calsl': there are spawn, call, calls-first,",
    )
  })

  it('is an error where a contender is unknown, or takes part in nothing that is wanted', () => {
    expect(() => named({ only: ['raw', 'comlnk'] })).toThrow("There is no contender 'comlnk' here")
    expect(() => named({ bench: ['tables'], only: ['comlink'] })).toThrow(
      "There is no contender 'comlink' here: there are bgthread, ui-thread.",
    )
  })
})

/** The contenders that a row of some id may have, by the id. */
const rowContenders = new Map(
  measures.flatMap((measure) =>
    Object.keys(measure.results).map(
      (key) => [rowId(measure, key), measure.contenders ?? contenders] as const,
    ),
  ),
)

describe('names', () => {
  it('are each of one measure, of one row and of one goal', () => {
    const rows = measures.flatMap((measure) => Object.keys(measure.results).map((key) => rowId(measure, key)))
    expect(repeated(rows)).toEqual([])
    expect(repeated(measures.map(({ id }) => id))).toEqual([])
    expect(repeated(goals.map(({ id }) => id))).toEqual([])
  })

  it('are each of one contender, also as people read them', () => {
    const all = [...new Set([...rowContenders.values()].flat())]
    expect(repeated(all.map((name) => nameOf(name).toLowerCase()))).toEqual([])
    for (const { id, contenders = [] } of measures) expect([id, repeated(contenders)]).toEqual([id, []])
  })

  it('of contenders are folders with a page, and the smallest app', () => {
    expect(contenders).toContain('bgthread')
    const files = contenders.flatMap((name) => [`${name}/page.ts`, `${name}/hello/page.ts`])
    expect(files.filter((file) => !existsSync(bench(`contenders/${file}`)))).toEqual([])
  })
})

describe('a measure with contenders of its own', () => {
  it('has a page for each', () => {
    const files = measures.flatMap(({ contenders = [], page }) =>
      contenders.map((name) => `${page?.(name) ?? `contenders/${name}/`}page.ts`),
    )
    expect(files.length).toBeGreaterThan(0)
    expect(files.filter((file) => !existsSync(bench(file)))).toEqual([])
  })
})

describe('goals', () => {
  const row = (id: string, medians: Record<string, number | Cannot>): Row => ({
    id,
    title: id,
    unit: 'ms',
    better: 'lower',
    results: Object.fromEntries(
      Object.entries(medians).map(([name, median]) => [
        name,
        typeof median === 'number' ? { median, min: median / 2, max: median * 9, n: 3 } : median,
      ]),
    ),
  })
  const goal = (id: string, ...rows: Row[]) => checkGoals(rows).find((goal) => goal.id === id)

  it('are all checked, in their order', () => {
    expect(checkGoals([]).map(({ id }) => id)).toEqual(goals.map(({ id }) => id))
  })

  it('look at rows that a measure has, and at who takes part there', () => {
    const wrong = goals.filter(({ measure, of = measure, against }) => {
      const others = rowContenders.get(of) ?? []
      const compared = against === 'limit' || against === 'best peer' || others.includes(against)
      return !rowContenders.get(measure)?.includes('bgthread') || !compared
    })
    expect(wrong).toEqual([])
  })

  it.each([
    [8, 0.8, true],
    [11, 1.1, true],
    [11.1, 1.11, false],
  ])('compare medians: %d against 10 of raw', (own, value, met) => {
    const found = goal('spawn/raw', row('spawn', { bgthread: own, raw: 10, comlink: 1 }))
    expect(found).toMatchObject({ measure: 'spawn', against: 'raw', goal: 1.1, met })
    expect(found?.value).toBeCloseTo(value)
  })

  it('compare with the best peer: not bgthread in other use, none by hand, none that has no number', () => {
    const medians = {
      bgthread: 6,
      'bgthread-own': 3,
      raw: 1,
      'raw-json': 2,
      comlink: 12,
      birpc: 10,
      capnweb: { cannot: 'It …' },
    }
    expect(goal('spawn/best-peer', row('spawn', medians))).toMatchObject({ value: 0.6, met: true })
  })

  it.each([
    [95, true],
    [94.9, false],
  ])('take a number as it is where that has a least: %d % of frames', (own, met) => {
    expect(goal('busy-frames', row('busy-frames', { bgthread: own, raw: 40 }))).toMatchObject({
      value: own,
      met,
    })
  })

  it('compare with another row where they say so', () => {
    const large = 'lists-100000-replaced-append-bytes'
    const rows = [row(large, { bgthread: 300 }), row('lists-1000-replaced-append-bytes', { bgthread: 100 })]
    expect(goal(`${large}/bgthread`, ...rows)).toMatchObject({ value: 3, met: false })
  })

  it.each([
    ['bgthread has no number', { bgthread: { cannot: 'It failed' }, raw: 10 }],
    ['bgthread was not measured', { raw: 10 }],
    ['there is nothing to compare with', { bgthread: 8 }],
  ])('are open where %s', (_why, medians) => {
    for (const id of ['spawn/raw', 'spawn/best-peer']) {
      const found = goal(id, row('spawn', medians))
      expect([found?.value, found?.met]).toEqual([undefined, undefined])
    }
  })
})
