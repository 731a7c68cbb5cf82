/** A reader as the adapters have it: it outlives the failures of its stream. */
import type { RemoteStream } from 'bgthread'
import { onTestFinished } from 'vitest'
import { followStream } from '../../src/core/adapter.js'

/** @returns every reading of the stream, as text */
export function followed(stream: RemoteStream<unknown>): string[] {
  const readings: string[] = []
  const follower = followStream<unknown>(
    ({ status, value, error }) =>
      readings.push([status, String(value), ...(error instanceof Error ? [error.name] : [])].join(' ')),
    { initial: 'none' },
    () => true,
  )
  follower.read(stream)
  onTestFinished(follower.stop)
  return readings
}
