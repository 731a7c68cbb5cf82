/** A stream of snapshots from a thread to a page, without the thread: pictures, patches, real structured clone. */
import { isDeepStrictEqual } from 'node:util'
import { expect } from 'vitest'
import { apply } from '../../../src/core/apply'
import { diff, NOTHING } from '../../../src/core/diff'
import { deepFreeze } from '../../../src/core/freeze'
import { lookAt } from '../../../src/core/look'
import { Mirror } from '../../../src/core/mirror'
import type { Part } from '../../../src/core/part'
import { shapeOf } from '../shape'

export class Channel {
  /** What the page has. */
  received: unknown
  how: 'whole' | 'patch' | 'nothing' = 'whole'
  patches = 0
  /** What crossed last. */
  crossed: unknown
  #sent: Part | undefined

  /** @param mirror one that several channels share, for `deliver` */
  constructor(readonly mirror = new Mirror()) {}

  /** @returns what the page has now */
  send(value: unknown): unknown {
    return this.deliver(value, this.mirror.take(value))
  }

  /** @param now the mirror's picture of the value */
  deliver(value: unknown, now: Part | undefined): unknown {
    const old = this.#sent
    // What fails to cross has not arrived.
    this.#sent = undefined
    const patch = old && (old === now ? NOTHING : now && diff(old, now))
    if (patch === NOTHING) this.how = 'nothing'
    else if (patch) {
      this.how = 'patch'
      this.patches++
      this.crossed = patch
      this.received = apply(this.received, cross(patch))
      deepFreeze(this.received)
    } else {
      this.how = 'whole'
      this.crossed = value
      this.received = cross(value)
      deepFreeze(this.received)
    }
    this.#sent = now
    return this.received
  }

  /**
   * Sends a value, of which a picture may have been taken: it arrives as structured clone delivers it, and what
   * arrived before is not touched.
   */
  check(value: unknown, picture?: Part): void {
    const former = this.received
    const formerShape = shapeOf(former)
    const expected = cloned(value)
    if (expected === UNCLONEABLE) expect(() => this.send(value)).toThrow()
    else {
      if (picture) this.deliver(value, picture)
      else this.send(value)
      expectExact(this.received, expected)
    }
    expect(shapeOf(former)).toBe(formerShape)
  }
}

/** Equal wherever structured clone keeps a difference. */
export function expectExact(received: unknown, expected: unknown): void {
  expect(shapeOf(received)).toBe(shapeOf(expected))
  // What a shape does not show: errors, boxed primitives, buffers.
  if (!isDeepStrictEqual(received, expected)) expect(received).toStrictEqual(expected)
}

const UNCLONEABLE = Symbol('uncloneable')

function cloned(value: unknown): unknown {
  try {
    return structuredClone(value)
  } catch {
    return UNCLONEABLE
  }
}

/** As the library says it: what is small and plain as JSON text. */
function cross(value: unknown): unknown {
  return lookAt(value) === 'plain' ? (JSON.parse(JSON.stringify(value)) as unknown) : structuredClone(value)
}
