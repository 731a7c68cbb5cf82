// @vitest-environment happy-dom
import { flushSync, mount, unmount } from 'svelte'
import { expect, it, onTestFinished, vi } from 'vitest'
import { startLate } from '../logic/late-app.js'
import Again from './Again.svelte'

it('a button that restarts a thread which could not start heals its own component, and those mounted since', async () => {
  let isOnline = false
  const thread = startLate(() => isOnline)
  onTestFinished(() => thread.terminate())
  const props = { source: thread.proxy.watchRows, again: () => void thread.restart().catch(() => {}) }
  const texts = () => [...document.body.querySelectorAll('button, p')].map((one) => one.textContent?.trim())
  const failed = "ThreadStartError: thread 'late' could not start: offline true"
  const first = mount(Again, { target: document.body, props })
  await vi.waitFor(() => expect(texts()).toEqual([failed]))
  const second = mount(Again, { target: document.body, props })
  await vi.waitFor(() => expect(texts()).toEqual([failed, failed]))
  const click = () => {
    document.querySelector('button')?.click()
    flushSync()
  }

  click()
  expect(texts()).toEqual(['connecting connecting', 'connecting connecting'])
  await vi.waitFor(() => expect(texts()).toEqual([failed, failed]))

  isOnline = true
  click()
  expect(texts()).toEqual(['connecting connecting', 'connecting connecting'])
  await thread.ready
  await thread.proxy.add('milk')
  flushSync()
  expect(texts()).toEqual(['live live milk milk', 'live live milk milk'])
  for (const app of [first, second]) await unmount(app)
  await vi.waitFor(() => expect(thread.stats().subscriptions).toBe(0))
})
