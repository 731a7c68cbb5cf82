/** What a client that does not own the thread may hold there, whatever it sends. */
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { describe, expect, it, onTestFinished, vi } from 'vitest'
import { attach, bgThread, LimitError } from 'bgthread'
import * as Wire from '../../../src/core/protocol.js'
import { decode } from '../../../src/core/thrown.js'
import { attacks, makeMessage, PREPARATIONS } from '../../support/hostile/attacks'
import { Besieged } from '../../support/hostile/besieged'
import { deferred } from '../../support/deferred'
import { askForLine, nextMessage, startLine, TOKEN } from '../../support/hostile/client'
import { turn } from '../watch'

setFlagsFromString('--expose-gc')
const collect = runInNewContext('gc') as () => void

/** Bytes that are in use when all is collected that can be. */
async function heap(): Promise<number> {
  for (let i = 0; i < 3; i++) {
    await turn()
    collect()
  }
  return process.memoryUsage().heapUsed
}

function start(options = {}) {
  const owner = bgThread(async () => Besieged, { name: 'besieged', linger: 0, ...options })
  onTestFinished(() => owner.terminate())
  const openLine = async () => {
    const line = await askForLine(owner.connect())
    onTestFinished(() => line.close())
    await startLine(line)
    for (const message of PREPARATIONS) line.postMessage(message)
    return line
  }
  return { owner, openLine }
}

/** 40,000 of each op; 200,000 in the long run. */
const ROUNDS = process.env['RUNS'] ? 20 : 4

describe('a client that sends as many of one op as it can holds at most 8 MB, and nothing when it is put out', () => {
  it.each(attacks)('%s', { timeout: 60_000 }, async (name) => {
    const { owner, openLine } = start()
    await owner.ready
    const line = await openLine()
    // What is made at the first use of it is not the client's.
    line.postMessage(...makeMessage(name, 10))
    await owner.proxy.echo(1)
    const before = await heap()
    for (let i = 0; i < ROUNDS; i++) {
      line.postMessage(...makeMessage(name, name === 'CONNECT' ? 55 : 10_000))
      expect(await owner.proxy.echo(i)).toBe(i)
    }
    expect((await heap()) - before).toBeLessThan(8 * 2 ** 20)
    await owner.proxy.putOut()
    await vi.waitFor(async () =>
      expect(await owner.proxy.stats()).toMatchObject({
        clients: 1,
        pendingCalls: 0,
        subscriptions: 0,
        callbacks: 0,
      }),
    )
    await vi.waitFor(async () => expect((await heap()) - before).toBeLessThan(2 ** 21), { timeout: 10_000 })
  })
})

describe('a client that does not own the thread', () => {
  it('is put out where it goes on sending while much waits, with all that it has connected', async () => {
    const { owner, openLine } = start()
    const line = await openLine()
    const { port1, port2 } = new MessageChannel()
    onTestFinished(() => port1.close())
    line.postMessage([TOKEN, Wire.CONNECT, 0, port2, 0], [port2])
    await nextMessage(port1)
    await startLine(port1)
    expect(await owner.proxy.stats()).toMatchObject({ clients: 3 })
    const ends = [line, port1].map((port) =>
      nextMessage(port, (data) => Array.isArray(data) && data[1] === Wire.END && data[2] === Wire.REFUSED),
    )
    for (let i = 0; i < 20_000; i++) line.postMessage([TOKEN, Wire.PING, 0, 0, 0])
    await Promise.all(ends)
    expect(await owner.proxy.stats()).toMatchObject({ clients: 1 })
  })

  const endless = (number: number) => [Wire.CALL, number, 21, 0]
  const limits = { calls: 5, subscriptions: 5 }
  it.each<[string, (number: number) => unknown[], string]>([
    ['calls', endless, 'limits.calls'],
    ['subscriptions', (number) => [Wire.SUBSCRIBE, number, 22, 0], 'limits.subscriptions'],
    ['names', (number) => [Wire.NAME, number, 'x'.repeat(9_000), 0], ''],
  ])(
    'is put out if it has too many %s, and the error names the option that allows more',
    async (_what, op, option) => {
      const { openLine } = start({ limits })
      const line = await openLine()
      line.postMessage([TOKEN, Wire.NAME, 21, 'forever', 0, Wire.NAME, 22, 'watchTicks', 0])
      const end = nextMessage(line, (data) => Array.isArray(data) && data[1] === Wire.END)
      line.postMessage([TOKEN, ...Array.from({ length: 50 }, (_, i) => op(i + 60)).flat()])
      const [, , how, form, error] = (await end) as unknown[]
      expect([how, form]).toEqual([Wire.REFUSED, Wire.ERROR])
      const { message } = decode(form, error) as LimitError
      if (option) expect(message).toMatch(new RegExp(`raise the option ${option} of bgThread$`))
      else expect(message).not.toContain('option')
    },
  )

  it('gets a LimitError for a call whose arguments do not fit, and goes on', async () => {
    const { owner } = start({ limits: { bytes: 10_000 } })
    const guest = attach<Besieged>(owner.connect(), { name: 'guest', linger: 0 })
    onTestFinished(() => guest.terminate())
    // Alone it may be larger.
    expect(await guest.proxy.echo('x'.repeat(50_000))).toHaveLength(50_000)
    const gate = deferred()
    const held = guest.proxy.wait(() => gate.promise, new Uint8Array(9_000))
    await expect(guest.proxy.echo(new Uint8Array(2_000))).rejects.toBeInstanceOf(LimitError)
    expect(await guest.proxy.echo('small')).toBe('small')
    gate.resolve()
    await held
    expect(await guest.proxy.echo(new Uint8Array(2_000))).toHaveLength(2_000)
    // An owner limits itself.
    expect(await owner.proxy.echo('x'.repeat(50_000))).toHaveLength(50_000)
  })

  it('makes 10,000 calls in one tick, and 200 subscriptions, while the owner calls, too', async () => {
    const { owner } = start()
    const guest = attach<Besieged>(owner.connect(), { name: 'guest', linger: 0 })
    onTestFinished(() => guest.terminate())
    await guest.ready
    const over = new AbortController()
    const owning = (async () => {
      for (let i = 0; !over.signal.aborted; i++) expect(await owner.proxy.echo(i)).toBe(i)
    })()
    for (const make of [(n: number) => n, (n: number) => new Date(n)]) {
      const values = Array.from({ length: 10_000 }, (_, n) => make(n))
      expect(await Promise.all(values.map((value) => guest.proxy.echo(value)))).toEqual(values)
    }
    let seen = 0
    const leaves = Array.from({ length: 200 }, (_, n) =>
      guest.proxy.watchOne(n).subscribe((value) => (seen += Number(value === n))),
    )
    await vi.waitFor(() => expect(seen).toBe(200))
    for (const leave of leaves) leave()
    over.abort()
    await owning
  })

  it('gets one line to each start, however often it asks, and none when it only keeps the page busy', async () => {
    const { owner } = start()
    await owner.ready
    const port = owner.connect()
    onTestFinished(() => port.close())
    const answers: unknown[] = []
    port.addEventListener('message', ({ data }) => answers.push(data))
    port.start()
    const ask = (times: number) => {
      for (let i = 0; i < times; i++) port.postMessage({ after: -i, lock: undefined })
    }
    ask(50)
    await vi.waitFor(() => expect(answers).toHaveLength(1))
    await owner.restart()
    await vi.waitFor(() => expect(answers).toHaveLength(2))
    expect(answers).toMatchObject([
      { epoch: 1, line: {} },
      { epoch: 2, line: {} },
    ])
    ask(20_000)
    await owner.proxy.echo(1)
    await turn()
    await owner.restart()
    await turn()
    expect(answers).toHaveLength(2)
  })
})
