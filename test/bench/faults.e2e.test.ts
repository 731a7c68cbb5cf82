/** The harness of the faults sees what a subject does: planted ones, in a real browser. */
import { rm } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import type { Browser } from 'playwright'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { buildSubject } from '../../bench/faults/build'
import type { Fault } from '../../bench/faults/fault'
import { faults } from '../../bench/faults/list/index'
import type { Repeated } from '../../bench/faults/observation'
import { tryFaults } from '../../bench/faults/run'
import { wordsOf } from '../../bench/faults/words'
import { createBuilder, dist } from '../../bench/harness/build'
import { serve, type Server } from '../../bench/harness/serve'
import bgthread from '../../src/vite/index'
import { launchChromium } from '../support/chromium'

const planted = ['hanging', 'rejecting', 'throwing', 'wrong', 'loud']

let server: Server
let browser: Browser

beforeAll(async () => {
  const builder = createBuilder(bgthread)
  const folder = fileURLToPath(new URL('./planted', import.meta.url))
  for (const name of planted) await buildSubject(builder, name, folder)
  server = await serve(dist)
  browser = await launchChromium()
})

afterAll(async () => {
  await browser?.close()
  await server?.close()
  await rm(dist, { recursive: true, force: true })
})

/** What the harness sees of a fault. */
async function seeOf(id: string, subjects = planted): Promise<Record<string, Repeated[]>> {
  const fault = faults.find((fault) => fault.id === id) as Fault
  const [row] = await tryFaults({
    browser,
    url: `${server.url}faults/`,
    subjects,
    // Nothing here is slow: what is not settled by then never will be.
    faults: [{ ...fault, bound: 500 }],
    rounds: 1,
  })
  const seen: Record<string, Repeated[]> = {}
  for (const [name, result] of Object.entries(row!.results)) {
    if ('failed' in result) throw new Error(`${name}: ${result.failed}`)
    seen[name] = result
  }
  return seen
}

const wordsSeen = (seen: Record<string, Repeated[]>) =>
  Object.fromEntries(Object.entries(seen).map(([name, outcomes]) => [name, wordsOf(outcomes)]))

it('a call that never settles hangs, and so does the one after it', async () => {
  expect(await seeOf('uncloneable-argument', ['hanging'])).toEqual({
    hanging: [{ call: { how: 'hangs' }, next: { how: 'hangs' }, told: [], times: 1 }],
  })
})

it('a call that hangs is told from one that rejects, that throws, and that is answered', async () => {
  const seen = wordsSeen(await seeOf('throws-text', ['hanging', 'rejecting', 'throwing']))
  expect(seen).toEqual({
    hanging: '**hangs**; later calls **hang**',
    rejecting: expect.stringMatching(/^rejects `RangeError`, \d+ ms; later calls go on$/),
    throwing: 'throws `SyntaxError`; later calls go on',
  })
})

it('a fault that cannot be tried has no outcome', async () => {
  // There is no worker to end.
  await expect(seeOf('terminated', ['rejecting'])).rejects.toThrow(/^rejecting: .*there is no worker yet/)
})

it('who is told besides the caller is seen', async () => {
  const { loud } = await seeOf('throws-text', ['loud'])
  expect(loud).toMatchObject([{ call: { how: 'rejects' }, told: ['console', 'uncaught error'] }])
})

it('a thread that does not add rightly is no subject', async () => {
  await expect(seeOf('throws-text', ['wrong'])).rejects.toThrow('a sound thread did not add')
})
