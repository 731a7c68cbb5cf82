import { describe, it } from 'vitest'
import fc from 'fast-check'
import { make, recipes, type Recipe } from '../shape'
import { Channel } from './channel'
import { edit, edits } from './edits'
import { PATIENCE, runs } from './runs'

const anything = recipes(['date', 'bytes', 'instance', 'boxed'], ['map', 'set', 'again'])

/** Enough beside it for a patch to be shorter than the whole. */
const beside = Array.from({ length: 20 }, (_, at) => at)

describe('a chain of snapshots', () => {
  it('arrives as structured clone would deliver it, whatever follows what', PATIENCE, () => {
    fc.assert(
      fc.property(fc.array(anything, { minLength: 2, maxLength: 6 }), (list) => {
        const channel = new Channel()
        for (const recipe of list) channel.check({ beside, it: make(recipe) })
      }),
      { numRuns: runs(2_000) },
    )
  })

  it('arrives so when any value is changed in place in any way', PATIENCE, () => {
    fc.assert(
      fc.property(anything, edits(anything), (recipe: Recipe, list) => {
        const made: object[] = []
        const state = { beside, it: make(recipe, made) }
        const channel = new Channel()
        channel.check(state)
        for (const one of list) {
          edit(made, one)
          channel.check(state)
        }
      }),
      { numRuns: runs(3_000) },
    )
  })

  it('arrives so when a changed copy takes the place of each, frozen or not', PATIENCE, () => {
    fc.assert(
      fc.property(anything, edits(anything), fc.boolean(), (recipe: Recipe, list, frozen) => {
        const channel = new Channel()
        const copy = (count: number) => {
          const made: object[] = []
          const state = { beside, it: make(recipe, made) }
          for (const one of list.slice(0, count)) edit(made, one)
          if (frozen) for (const it of made) if (!ArrayBuffer.isView(it)) Object.freeze(it)
          return state
        }
        for (let count = 0; count <= list.length; count++) channel.check(copy(count))
      }),
      { numRuns: runs(2_000) },
    )
  })
})
