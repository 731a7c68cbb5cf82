/** Tests of faults are worth something only if they fail where nobody notices the fault. */
import { expect, it } from 'vitest'
import { brokenWithout, DETECTORS } from './ablation'

it('with every detector on, every promise is kept', async () => {
  expect(await brokenWithout(undefined, 15_000)).toEqual([])
})

it.each(DETECTORS)('with the %s off, its promise is broken', async (detector) => {
  expect(await brokenWithout(detector, 3_000)).toContain(detector)
})
