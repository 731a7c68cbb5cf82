// @vitest-environment happy-dom
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { Heartbeat } from '../../src/core/heartbeat.js'

/** One who is asked every second, and hangs when three questions in a row had no answer. */
function watch({ awaited = true } = {}) {
  const told: string[] = []
  const patient = { awaited, answers: true, received: 0, asked: 0 }
  const heartbeat = new Heartbeat(
    {
      isAwaited: () => patient.awaited,
      received: () => patient.received,
      ping() {
        patient.asked++
        if (patient.answers) patient.received++
      },
      hung: () => told.push('hung'),
      recovered: () => told.push('recovered'),
    },
    { interval: 1_000, limit: 3 },
  )
  heartbeat.watch()
  return { heartbeat, patient, told }
}
const seconds = (count: number) => vi.advanceTimersByTime(count * 1_000)

beforeEach(() => void vi.useFakeTimers())
afterEach(() => {
  vi.useRealTimers()
  vi.restoreAllMocks()
})

describe('a heartbeat', () => {
  it('asks once an interval, and says nothing while it is answered', () => {
    const { patient, told } = watch()
    seconds(100)
    expect(patient.asked).toBe(100)
    expect(told).toEqual([])
  })

  it('tells of one that leaves so many questions without an answer', () => {
    const { patient, told } = watch()
    patient.answers = false
    seconds(3)
    expect(told).toEqual([])
    seconds(1)
    expect(told).toEqual(['hung'])
  })

  it('counts from the last sign of life, whatever that was', () => {
    const { patient, told } = watch()
    patient.answers = false
    for (let i = 0; i < 10; i++) {
      seconds(3)
      patient.received++
    }
    expect(told).toEqual([])
  })

  it('asks one that hangs nothing more, and tells when it answers again', () => {
    const { patient, told } = watch()
    patient.answers = false
    seconds(60)
    expect(patient.asked).toBe(3)
    expect(told).toEqual(['hung'])
    patient.received++
    patient.answers = true
    seconds(1)
    expect(told).toEqual(['hung', 'recovered'])
    patient.answers = false
    seconds(5)
    expect(told).toEqual(['hung', 'recovered', 'hung'])
  })

  it('does not count time in which this side was blocked', () => {
    const { patient, told } = watch()
    patient.answers = false
    seconds(2)
    // The timers of a blocked page fire once when it is free again, before the answers that wait.
    vi.setSystemTime(Date.now() + 60_000)
    seconds(1)
    patient.received++
    seconds(3)
    expect(told).toEqual([])
  })

  it('stops when nobody waits, also one that has recovered', () => {
    const { heartbeat, patient, told } = watch()
    patient.awaited = false
    seconds(10)
    expect(patient.asked).toBe(0)
    expect(vi.getTimerCount()).toBe(0)
    patient.awaited = true
    patient.answers = false
    heartbeat.watch()
    seconds(10)
    patient.awaited = false
    patient.received++
    seconds(1)
    expect(told).toEqual(['hung', 'recovered'])
    expect(vi.getTimerCount()).toBe(0)
  })

  it('beats once, however many wait', () => {
    const { heartbeat, patient } = watch()
    for (let i = 0; i < 10; i++) heartbeat.watch()
    seconds(5)
    expect(patient.asked).toBe(5)
    heartbeat.stop()
    seconds(5)
    expect(patient.asked).toBe(5)
  })

  it('asks, and does not count, while nobody sees the page', () => {
    const hidden = vi.spyOn(document, 'hidden', 'get').mockReturnValue(true)
    const { patient, told } = watch()
    patient.answers = false
    seconds(60)
    expect(told).toEqual([])
    hidden.mockReturnValue(false)
    seconds(3)
    expect(told).toEqual([])
    seconds(1)
    expect(told).toEqual(['hung'])
  })
})
