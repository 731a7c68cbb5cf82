import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import type { Results } from '../../bench/harness/results'
import { fill, render } from '../../bench/report/index'
import { scaleFor } from '../../bench/report/scale'
import { blocks } from '../../bench/report/tables'
import { linksOf, read, root } from './markdown'

const latest = JSON.parse(read('bench/results/latest.json')) as Results
const files = await render(latest)

it.each([...files.keys()])('%s says what the last run of the bench has found', (file) => {
  expect(readFileSync(join(root, file), 'utf8')).toBe(files.get(file))
})

it('docs/performance.md shows every table and every picture', () => {
  const paper = read('docs/performance.md')
  const shown = [...paper.matchAll(/<!-- bench ([\w-]+) -->/g)].map(([, name]) => name)
  expect([...shown, 'size', 'summary'].sort()).toEqual(Object.keys(blocks).sort())
  const pictures = [...files.keys()].filter((file) => file.endsWith('.svg')).sort()
  const images = linksOf('docs/performance.md').filter((link) => link.endsWith('.svg'))
  expect(images.map((image) => `docs/${image}`).sort()).toEqual(pictures)
})

it('the README shows the summary, the size that the summary has, too, and where the rest is', () => {
  const readme = read('README.md')
  const [, inText] = /A hello app is (\d+) kB/.exec(readme)!
  const [, inTable] = /^\| hello app, both sides.*?\*\*([\d.]+)\*\*/m.exec(readme)!
  expect(Number(inText)).toBe(Math.round(Number(inTable)))
  expect(readme).toContain('<!-- bench size -->')
  expect(read('README.md')).toContain('<!-- bench summary -->')
  expect(linksOf('README.md')).toContain('docs/performance.md')
})

it('a block that there is not is an error', () => {
  expect(() => fill('<!-- bench calsl -->\n<!-- /bench -->', latest)).toThrow("there is no block 'calsl'")
})

describe('an axis', () => {
  it('begins at 0 where numbers are alike, and has room for all', () => {
    const { at, ticks, fromZero } = scaleFor({ lowest: 20, highest: 96 }, 100, 20)
    expect(fromZero).toBe(true)
    expect(at(0)).toBe(0)
    expect(at(96)).toBeLessThanOrEqual(100)
    expect(ticks).toEqual([0, 50, 100])
  })

  it('is logarithmic where they are not, with ticks at powers of ten that have room for their numbers', () => {
    const { at, ticks, fromZero } = scaleFor({ lowest: 0.4, highest: 900 }, 100, 20)
    expect(fromZero).toBe(false)
    expect(at(0.4)).toBeGreaterThanOrEqual(0)
    expect(at(900)).toBeLessThanOrEqual(100)
    expect(at(100) - at(10)).toBeCloseTo(at(10) - at(1))
    expect(ticks).toEqual([1, 10, 100, 1_000])
    expect(scaleFor({ lowest: 0.4, highest: 900 }, 100, 50).ticks).toEqual([1, 100])
  })
})
