/**
 * After every test of every suite nothing is open: whatever connection a test has made, on the page and, where that
 * runs in process, in the thread, comes to rest or was closed.
 */
import { beforeEach, expect } from 'vitest'
import { Connection } from '../../src/core/connection.js'
import type { Endpoint } from '../../src/core/endpoint.js'
import { Logic } from '../../src/core/logic.js'

/** Milliseconds in which all must have come to rest: readers linger for 1,000 where nothing else is said. */
const BOUND = 5_000

/** Taken now: a test may put fake ones in their place. */
const { setTimeout, performance } = globalThis

/** Each tells what is open, by its name; an empty text where nothing is. */
const ends = new Set<() => string>()

/** What is open: all that is counted, but what has passed. */
const OPEN = new Set(['pendingCalls', 'subscriptions', 'callbacks', 'signals'])

const { connect } = Connection.prototype
Connection.prototype.connect = function (this: Connection, endpoint: Endpoint) {
  ends.add(() => {
    const counts = Object.entries(this.stats).filter(([what]) => OPEN.has(what))
    return tell(this.name, 'subscriptions' in this.stats ? 'page' : 'thread', Object.fromEntries(counts))
  })
  connect.call(this, endpoint)
}

const { start } = Logic.prototype
Logic.prototype.start = function (this: Logic, ...how) {
  const [info] = how
  ends.add(() => {
    const { emitted, skipped, wholes, patches, slots } = this.hubs.stats
    return tell(info.name, 'thread', { slots, waiting: emitted - skipped - wholes - patches })
  })
  return start.call(this, ...how)
}

function tell(name: string, side: string, counts: Record<string, number>): string {
  const open = Object.entries(counts).filter(([, count]) => count !== 0)
  return open.length === 0
    ? ''
    : `'${name}', ${side}: ${open.map(([what, count]) => `${count} ${what}`).join(', ')}`
}

const allOpen = () => [...ends].map((tellOpen) => tellOpen()).filter(Boolean)

// What is registered first is done last: after all that the test itself does when it is over.
beforeEach(({ onTestFinished }) =>
  onTestFinished(async () => {
    const begin = performance.now()
    while (allOpen().length > 0 && performance.now() - begin < BOUND)
      await new Promise((resolve) => setTimeout(resolve, 5))
    const open = allOpen()
    // The next test has nothing to do with what this one has left.
    if (open.length > 0) ends.clear()
    expect(open, 'threads that are not at rest').toEqual([])
  }),
)
