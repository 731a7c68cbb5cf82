import { describe, expect, it } from 'vitest'
import fc from 'fast-check'
import { Mirror } from '../../../src/core/mirror'
import { shapeOf } from '../shape'
import { Channel } from './channel'
import { PATIENCE, runs } from './runs'
import { randomFrom, type Style, STYLES, Walker } from './walk'

const STEPS = 50
const seeds = fc.integer()
/** A smaller seed is no simpler a walk. */
const often = (usual: number) => ({ numRuns: runs(usual), endOnFailure: true })

const anyStyle = (random: () => number) => STYLES[Math.floor(random() * STYLES.length)] as Style

interface Known {
  shape: string
  received: unknown
}

/** The items of a list in the thread, what each was like, and what the page has of it. */
function look(live: unknown, received: unknown): Map<unknown, Known> {
  const page = received as unknown[]
  return new Map((live as unknown[]).map((item, at) => [item, { shape: shapeOf(item), received: page[at] }]))
}

/** What the page has of each row, by its id. */
function byId(received: unknown): Map<unknown, unknown> {
  return new Map((received as ({ id?: unknown } | null)[]).map((row) => [row?.id, row]))
}

function walk(seed: number, styleOf: (random: () => number) => Style): { patches: number } {
  const random = randomFrom(seed)
  const walker = new Walker(random)
  const channel = new Channel()
  channel.check(walker.state)
  let patches = 0
  for (let step = 0; step < STEPS; step++) {
    const former = channel.received as Record<string, unknown>
    const formerRows = byId(former['rows'])
    const formerNotes = look(walker.state['notes'], former['notes'])
    walker.step(styleOf(random))
    channel.check(walker.state)
    if (channel.how === 'whole') continue
    patches++
    const { rows, notes } = channel.received as Record<string, unknown>
    for (const [id, row] of byId(rows)) {
      const old = formerRows.get(id)
      if (id !== undefined && old && shapeOf(old) === shapeOf(row)) expect(row).toBe(old)
    }
    for (const [note, { shape, received }] of look(walker.state['notes'], notes)) {
      const old = formerNotes.get(note)
      if (old?.shape === shape) expect(received).toBe(old.received)
    }
  }
  return { patches }
}

describe('fifty snapshots of a state that changes at random', () => {
  it.each(STYLES)(
    'arrive exactly, nearly all as patches, what is unchanged as it was (%s)',
    PATIENCE,
    (style) => {
      let patches = 0
      let walks = 0
      fc.assert(
        fc.property(seeds, (seed) => {
          patches += walk(seed, () => style).patches
          walks++
        }),
        often(4),
      )
      expect(patches / walks / STEPS).toBeGreaterThan(0.9)
    },
  )

  it('arrive exactly when the style changes from step to step', PATIENCE, () => {
    let patches = 0
    let walks = 0
    fc.assert(
      fc.property(seeds, (seed) => {
        patches += walk(seed, anyStyle).patches
        walks++
      }),
      often(4),
    )
    expect(patches / walks / STEPS).toBeGreaterThan(0.9)
  })

  it('arrive exactly at clients of different paces that share one mirror', PATIENCE, () => {
    let patches = 0
    let sent = 0
    fc.assert(
      fc.property(seeds, (seed) => {
        const random = randomFrom(seed)
        const walker = new Walker(random)
        const mirror = new Mirror()
        const clients = [1, 2, 5, 13].map((pace) => ({ pace, channel: new Channel(mirror) }))
        for (let step = 0; step <= STEPS; step++) {
          const picture = mirror.take(walker.state)
          // The last one joins late.
          for (const { pace, channel } of clients.slice(0, step < 20 ? 3 : 4)) {
            if (step % pace > 0) continue
            channel.check(walker.state, picture)
            sent++
            if (channel.how !== 'whole') patches++
          }
          walker.step(anyStyle(random))
        }
      }),
      often(4),
    )
    expect(patches / sent).toBeGreaterThan(0.85)
  })
})
