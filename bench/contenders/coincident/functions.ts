import type { Snapshot } from '../contender.js'
import type { Logic } from '../logic.js'

/** What the page lets the thread call. */
export interface PageFunctions {
  next(id: number, snapshot: Snapshot): void
}

/** What the thread lets the page call. */
export interface ThreadFunctions {
  add(a: number, b: number): Promise<number>
  put(...args: Parameters<Logic['put']>): Promise<number>
  work(ms: number): Promise<number>
  copy(bytes: ArrayBuffer): Promise<ArrayBuffer>
  watch(topic: string, id: number): Promise<void>
  unwatch(id: number): Promise<void>
  burst(count: number, perTask: number): Promise<number>
  update(rows: number, perSecond: number, count: number): Promise<void>
  listeners(): Promise<number>
}
