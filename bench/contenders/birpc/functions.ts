import type { Snapshot } from '../contender.js'
import type { Logic } from '../logic.js'

/** What the page lets the thread call. */
export interface PageFunctions {
  next(id: number, snapshot: Snapshot): void
}

/** What the thread lets the page call. */
export interface ThreadFunctions {
  add: Logic['add']
  put: Logic['put']
  work: Logic['work']
  copy: Logic['touch']
  watch(topic: string, id: number): void
  unwatch(id: number): void
  burst: Logic['burst']
  update: Logic['update']
  listeners(): number
}
