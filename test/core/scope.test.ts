import { describe, expect, it } from 'vitest'
import { callSignal, Scope } from '../../src/core/scope.js'

describe('callSignal', () => {
  it('is the signal of the call that is running, and of the outer one again behind an inner one', () => {
    const outer = new Scope()
    const inner = new Scope()
    const seen: AbortSignal[] = []
    outer.run(() => {
      seen.push(callSignal())
      inner.run(() => seen.push(callSignal()))
      seen.push(callSignal())
    })
    expect(seen[0]).toBe(outer.signal)
    expect(seen[1]).toBe(inner.signal)
    expect(seen[2]).toBe(outer.signal)
    expect(outer.signal).not.toBe(inner.signal)
  })

  it('is restored where the call throws', () => {
    const outer = new Scope()
    const fail = () => {
      throw new Error('e')
    }
    outer.run(() => {
      expect(() => new Scope().run(fail)).toThrow('e')
      expect(callSignal()).toBe(outer.signal)
    })
    expect(callSignal()).not.toBe(outer.signal)
  })

  it('belongs to no call behind the first await', async () => {
    const scope = new Scope()
    const [before, after] = await scope.run(async () => {
      const before = callSignal()
      await null
      return [before, callSignal()] as const
    })
    expect(before).toBe(scope.signal)
    expect(after).not.toBe(scope.signal)
  })

  it('never aborts outside of a call', () => {
    const idle = callSignal()
    new Scope().abort(new Error('e'))
    expect([idle.aborted, callSignal()]).toEqual([false, idle])
  })
})

describe('Scope', () => {
  it('an abort is heard by a signal that is asked for later', () => {
    const scope = new Scope()
    const reason = new Error('cancelled')
    expect(scope.aborted).toBe(false)
    scope.abort(reason)
    expect([scope.aborted, scope.signal.aborted, scope.signal.reason]).toEqual([true, true, reason])
  })

  it('run gives what the work gives', () => {
    expect(new Scope().run(() => 5)).toBe(5)
  })
})
