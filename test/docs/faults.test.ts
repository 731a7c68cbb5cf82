import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { faults } from '../../bench/faults/list/index'
import type { FaultResults } from '../../bench/faults/results'
import { fillBlocks } from '../../bench/report/blocks'
import { faultBlocks, renderFaults } from '../../bench/report/faults'
import { linksOf, read, root } from './markdown'

const results = JSON.parse(read('bench/results/faults.json')) as FaultResults
const files = await renderFaults(results)

it.each([...files.keys()])('%s says what the last run of the faults has found', (file) => {
  expect(readFileSync(join(root, file), 'utf8')).toBe(files.get(file))
})

it('docs/faults.md shows every table, and docs/reliability.md the summary and where the rest is', () => {
  const shown = (paper: string) =>
    [...read(paper).matchAll(/<!-- faults ([\w-]+) -->/g)].map(([, name]) => name)
  expect(shown('docs/faults.md').sort()).toEqual(Object.keys(faultBlocks).sort())
  expect(shown('docs/reliability.md')).toEqual(['summary'])
  expect(linksOf('docs/reliability.md')).toContain('faults.md')
})

it('every fault that there is was tried on every subject', () => {
  expect(results.faults.map(({ id, group, title }) => ({ id, group, title }))).toEqual(
    faults.map(({ id, group, title }) => ({ id, group, title })),
  )
  for (const { id, results: found } of results.faults) {
    expect([id, Object.keys(found)]).toEqual([id, Object.keys(results.versions)])
    for (const outcomes of Object.values(found)) expect(outcomes).not.toHaveProperty('failed')
  }
})

it('the versions are those of the lock file', () => {
  const { packages } = JSON.parse(read('bench/package-lock.json')) as {
    packages: Record<string, { version: string }>
  }
  const { bgthread, ...peers } = results.versions
  expect(bgthread).toBe((JSON.parse(read('package.json')) as { version: string }).version)
  for (const [name, version] of Object.entries(peers))
    expect([name, version]).toEqual([name, packages[`node_modules/${name}`]?.version])
})

describe('bgthread, as docs/reliability.md promises', () => {
  const outcomes = results.faults.flatMap(({ id, results: found }) => {
    const own = found['bgthread']
    return own && !('failed' in own) ? own.map((outcome) => ({ id, ...outcome })) : []
  })

  it('leaves nobody hanging, but where a loop is reported only', () => {
    const hanging = outcomes.filter(({ call, next }) => call?.how === 'hangs' || next?.how === 'hangs')
    expect(hanging.map(({ id }) => id)).toEqual(['loops'])
    expect(hanging[0]?.told).toContain('status `unresponsive`')
  })

  it('tells of a death whoever waits, and goes on', () => {
    const deaths = ['closes-itself', 'closes-itself-again', 'terminated']
    const seen = outcomes.filter(({ id }) => deaths.includes(id))
    expect(seen.map(({ id }) => id)).toEqual(deaths)
    for (const { call, next } of seen) {
      expect(call).toMatchObject({ how: 'rejects', value: { name: 'ThreadDiedError' } })
      expect(next).toMatchObject({ how: 'resolves', value: { text: '3' } })
    }
  })

  it('lets nobody do harm', () => {
    const harmless = ['inject', 'pollute', 'replace']
    const found = outcomes.filter(({ id }) => harmless.includes(id)).map(({ found }) => found)
    expect(found).toEqual(harmless.map(() => 'nothing happens'))
  })
})

it('a block that there is not is an error', () => {
  const paper = '<!-- faults strat -->\n<!-- /faults -->'
  expect(() => fillBlocks(paper, 'faults', faultBlocks, results)).toThrow("there is no block 'strat'")
})
