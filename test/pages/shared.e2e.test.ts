/** A thread that tabs share, in real tabs that come, go, crash and reload. All of it by either way. */
import type { Page } from 'playwright'
import { expect, test } from 'vitest'
import {
  AGAIN,
  add,
  born,
  clients,
  describeBoard,
  events,
  isReady,
  opener,
  seen,
  SOON,
  status,
  stream,
  watchStore,
} from './board.js'
import { crash, LONG } from './site.js'

const CYCLES = LONG ? 50 : 5
const CRASHES = LONG ? 20 : 2

describeBoard('a thread that tabs share', (tabs) => {
  const { isElected } = tabs
  const open = opener(tabs)

  test('has one state for all: a write in one shows in the stores of all', async () => {
    const [one, two, three] = [await open(), await open(), await open()]
    expect(await add(one)).toBe(1)
    expect(await add(two)).toBe(2)
    for (const page of [one, two, three]) await expect.poll(() => seen(page), SOON).toBe(2)
    expect(await clients(three)).toBe(3)
    expect(await events(three)).toEqual(['+1', '+2', '+3'])
  })

  test(`knows its clients exactly while tabs are closed, crash and reload, ${CYCLES} times`, async () => {
    const one = await open()
    const expected = ['+1']
    let last = 1
    const isExact = (count: number) =>
      expect.poll(async () => [await clients(one), await events(one)], SOON).toEqual([count, expected])
    for (let cycle = 0; cycle < CYCLES; cycle++) {
      const [closes, crashes, reloads] = [await open(), await open(), await open()]
      const [a, b, c] = [++last, ++last, ++last]
      expected.push(`+${a}`, `+${b}`, `+${c}`)
      await isExact(4)
      await closes.close()
      expected.push(`-${a}`)
      await isExact(3)
      await crash(crashes)
      expected.push(`-${b}`)
      await isExact(2)
      await reloads.reload()
      await isReady(reloads)
      await expect
        .poll(async () => (await events(one)).slice(expected.length).sort(), SOON)
        .toEqual([`+${++last}`, `-${c}`])
      expected.push(...(await events(one)).slice(expected.length))
      await isExact(2)
      await reloads.close()
      expected.push(`-${last}`)
      await isExact(1)
      await crashes.close()
    }
  })

  test(`starts anew for all others when the tab that holds it crashes, ${CRASHES} times`, async () => {
    for (let time = 0; time < CRASHES; time++) {
      // The worker lives in the process of the tab that came first.
      const [host, ...others] = [await open(), await open('?waits'), await open('?waits')] as const
      const former = await born(host)
      await add(host)
      for (const page of others) await expect.poll(() => seen(page), SOON).toBe(1)
      const stores = await Promise.all(others.map(watchStore))
      await crash(host)
      const isCurrent = async (page: Page) => (await seen(page)) === 0 && (await stream(page)) === 'live'
      await expect
        .poll(async () => (await Promise.all(others.map(isCurrent))).every(Boolean), AGAIN)
        .toBe(true)
      const [a, b] = await Promise.all(others.map(born))
      expect(a).toBe(b)
      expect(a).not.toBe(former)
      for (const store of stores)
        expect(await store.jsonValue()).toEqual([
          ['stale', 1],
          ['live', 0],
        ])
      for (const page of others) {
        expect(await page.evaluate(() => window.failed)).toEqual(['ThreadDiedError'])
        expect(await status(page)).toMatchObject({ state: 'ready', epoch: 2 })
        expect(await clients(page)).toBe(2)
      }
      for (const page of [host, ...others]) await page.close()
    }
  })

  test('starts anew for the others where the tab that holds it crashes before it is ready', async () => {
    const gate = await tabs.context.newPage()
    await gate.goto(`${tabs.url}other.html`)
    const opens = await gate.evaluateHandle(() => {
      let open: (() => void) | undefined
      const closed = new Promise<void>((done) => (open = done))
      return navigator.locks
        .query()
        .then(() => void navigator.locks.request('gate', () => closed))
        .then(() => ({ open: () => open?.() }))
    })
    const host = await open('?name=gated', false)
    const other = await open('?name=gated', false)
    // It has said that it is there, and waits.
    await expect.poll(() => other.evaluate(() => window.thread.stats().sent), AGAIN).toBeGreaterThan(0)
    await crash(host)
    await opens.evaluate((gate) => gate.open())
    await expect.poll(async () => (await status(other))?.state, AGAIN).toBe('ready')
    expect(await clients(other)).toBe(1)
  })

  test('is left alone by a tab that closes its thread; with the last one it stops and ends', async () => {
    const [one, two, watcher] = [await open(), await open(), await tabs.context.newPage()]
    await watcher.goto(`${tabs.url}other.html`)
    await watcher.evaluate(() => {
      const channel = new BroadcastChannel('stopped')
      window.failed = []
      channel.onmessage = ({ data }) => window.failed.push(data)
    })
    const stopped = () => watcher.evaluate(() => window.failed)
    await add(one)
    await one.evaluate(() => window.thread.close())
    expect(await status(one)).toMatchObject({ state: 'closed' })
    await expect.poll(() => events(two), SOON).toEqual(['+1', '+2', '-1'])
    expect(await add(two)).toBe(2)
    expect(await stopped()).toEqual([])

    const former = await born(two)
    await two.evaluate(() => window.thread.close())
    await expect.poll(stopped, SOON).toEqual([former])
    // Both pages are still there, and held the worker if anything did.
    const three = await open()
    expect(await born(three)).not.toBe(former)
    expect(await add(three)).toBe(1)
    await three.evaluate(() => window.thread.terminate())
    expect(await add(await open())).toBe(1)
  })

  test('does not trap a tab that comes while it ends', async () => {
    const one = await open()
    for (let time = 0; time < CYCLES; time++) {
      // An elected one takes the worker along: then the other is on its way to the next.
      if (isElected) await expect.poll(() => born(one).then(() => 'ready', String), AGAIN).toBe('ready')
      const former = await born(one)
      const coming = await tabs.context.newPage()
      await coming.goto(`${tabs.url}other.html`)
      // The one leaves, and both come at once.
      await Promise.all([
        one.evaluate(() => void window.thread.close().then(() => location.reload())).catch(() => {}),
        coming.goto(tabs.url),
      ])
      await one.waitForFunction(() => window.thread?.status.get()?.state === 'ready')
      await isReady(coming)
      const both = () => Promise.all([one, coming].map(born))
      if (isElected) await expect.poll(() => both().then(([a, b]) => a === b, String), AGAIN).toBe(true)
      const [a, b] = await both()
      expect(a).toBe(b)
      if (a !== former) expect(await clients(one)).toBe(2)
      await coming.close()
    }
  })

  test('is fresh for the next tab where it could not start', async () => {
    const fails = await open('?fails', false)
    await expect.poll(async () => (await status(fails))?.state, SOON).toBe('failed')
    expect(await fails.evaluate(() => window.thread.ready.catch(String))).toMatch(
      /ThreadStartError.*told to fail/,
    )
    const next = await open()
    expect(await status(next)).toEqual({ state: 'ready', epoch: 1 })
    // Whoever has failed may try again, and meets the others.
    await fails.evaluate(() => window.thread.restart())
    expect(await born(fails)).toBe(await born(next))
    expect(await clients(next)).toBe(2)
  })

  test('says what is missing where there is neither way', async () => {
    await tabs.context.addInitScript(() => {
      Reflect.deleteProperty(window, 'SharedWorker')
      Reflect.deleteProperty(Navigator.prototype, 'locks')
    })
    const page = await open('', false)
    const failure = await page.evaluate(() => window.thread.ready.catch(String))
    expect(failure).toMatch(
      /ThreadStartError: thread 'board' could not start: SharedWorker .*option fallback/,
    )
  })

  if (isElected)
    test('is left by the tab that has the worker before that tab is frozen, and found again after', async () => {
      const [host, other] = [await open('?waits'), await open()]
      const former = await born(other)
      await add(other)
      // A headless browser freezes no tab: its event is told by hand.
      const tell = (type: string) =>
        host.evaluate((type) => void document.dispatchEvent(new Event(type)), type)
      await tell('freeze')
      await expect.poll(() => seen(other), AGAIN).toBe(0)
      await expect.poll(() => born(other).catch(String), AGAIN).not.toBe(former)
      await expect.poll(() => clients(other), SOON).toBe(1)
      await tell('resume')
      await expect.poll(() => status(host), AGAIN).toMatchObject({ state: 'ready', epoch: 2 })
      expect(await born(host)).toBe(await born(other))
      expect(await host.evaluate(() => window.failed)).toEqual(['ThreadDiedError'])
    })

  test('is not restarted by one of its tabs', async () => {
    const one = await open()
    const refused = one.evaluate(() =>
      window.thread.restart().catch((error: Error & { code: string }) => [error.code, error.message]),
    )
    expect(await refused).toEqual([
      'SHARED',
      expect.stringContaining(`thread 'board' is shared with other tabs`),
    ])
    expect(await add(one)).toBe(1)
  })
})
