import { describe, expect, it } from 'vitest'
import fc from 'fast-check'
import { AHEAD, Credit, NewestWins, WINDOW } from '../../src/core/flow.js'

describe('NewestWins', () => {
  it('one snapshot is in flight and one waits, however many are offered', () => {
    const flow = new NewestWins()
    expect([flow.waiting, flow.ready]).toEqual([false, false])
    flow.offer()
    expect([flow.waiting, flow.ready]).toEqual([true, true])
    flow.sent()
    for (let i = 0; i < 100; i++) flow.offer()
    expect([flow.waiting, flow.ready]).toEqual([true, false])
    flow.acknowledged()
    expect(flow.ready).toBe(true)
    flow.sent()
    expect(flow.waiting).toBe(false)
  })

  it('what is dropped does not wait any more', () => {
    const flow = new NewestWins()
    flow.offer()
    flow.dropped()
    expect([flow.waiting, flow.ready, flow.pullable]).toEqual([false, false, false])
  })

  it('replies may pull four ahead of the acknowledgements, and the fifth when one has come', () => {
    const flow = new NewestWins()
    let pulled = 0
    for (let i = 0; i < 10; i++) {
      flow.offer()
      if (!flow.pullable) continue
      flow.sent()
      pulled++
    }
    expect([pulled, AHEAD]).toEqual([4, 4])
    flow.acknowledged()
    expect([flow.pullable, flow.ready]).toEqual([true, false])
  })

  it('an acknowledgement of nothing gives no credit', () => {
    const flow = new NewestWins()
    for (let i = 0; i < 10; i++) flow.acknowledged()
    flow.offer()
    flow.sent()
    flow.offer()
    expect(flow.ready).toBe(false)
  })

  it('whatever happens, what was offered last can be sent once all is acknowledged', () => {
    const step = fc.constantFrom('offer', 'send', 'pull', 'acknowledge')
    fc.assert(
      fc.property(fc.array(step), (steps) => {
        const flow = new NewestWins()
        let inFlight = 0
        let offered = false
        for (const step of steps) {
          if (step === 'offer') flow.offer()
          if (step === 'acknowledge') flow.acknowledged()
          const sends = (step === 'send' && flow.ready) || (step === 'pull' && flow.pullable)
          if (sends) flow.sent()
          offered = step === 'offer' || (offered && !sends)
          inFlight = Math.max(0, inFlight + Number(sends) - Number(step === 'acknowledge'))
          expect(inFlight).toBeLessThanOrEqual(AHEAD)
          expect([flow.waiting, flow.ready]).toEqual([offered, offered && inFlight === 0])
        }
      }),
    )
  })
})

describe('Credit', () => {
  it('a window of 64 values is open from the start', () => {
    const credit = new Credit()
    let sent = 0
    for (; credit.open; sent++) credit.spend()
    expect([sent, WINDOW]).toEqual([64, 64])
    credit.grant(32)
    for (; credit.open; sent++) credit.spend()
    expect(sent).toBe(96)
  })

  it.each<[unknown]>([[1e9], [-5], [0], [NaN], [Infinity], [1.5], ['64'], [undefined], [{}]])(
    'a forged grant of %s never makes it more than a window, nor less than it was',
    (count) => {
      const credit = new Credit()
      credit.grant(count as number)
      let sent = 0
      for (; credit.open && sent < 1_000; sent++) credit.spend()
      expect(sent).toBe(64)
      credit.grant(count as number)
      for (; credit.open && sent < 1_000; sent++) credit.spend()
      expect(sent).toBe(count === 1e9 ? 128 : 64)
    },
  )
})
