// @vitest-environment happy-dom
import { createApp, nextTick } from 'vue'
import { expect, it, onTestFinished, vi } from 'vitest'
import { watchRejections } from '../core/watch.js'
import { startLate } from '../logic/late-app.js'
import Again from './Again.vue'

it('a button that restarts a thread which could not start heals its own component, and those mounted since', async () => {
  const raised = watchRejections()
  let isOnline = false
  const thread = startLate(() => isOnline)
  onTestFinished(() => thread.terminate())
  const props = { source: thread.proxy.watchRows, again: () => void thread.restart().catch(() => {}) }
  const mountOne = () => {
    const target = document.createElement('div')
    const app = createApp(Again, props)
    app.mount(target)
    return { app, target, text: () => target.textContent?.trim() }
  }
  const failed = "ThreadStartError: thread 'late' could not start: offline"
  const shown = [mountOne()]
  await vi.waitFor(() => expect(shown[0]?.text()).toBe(failed))
  shown.push(mountOne())
  const all = (text: string) => vi.waitFor(() => expect(shown.map((one) => one.text())).toEqual([text, text]))
  await all(failed)
  const click = async () => {
    shown[0]?.target.querySelector('button')?.click()
    await nextTick()
    expect(shown.map((one) => one.text())).toEqual(['connecting', 'connecting'])
  }

  await click()
  await all(failed)
  isOnline = true
  await click()
  await thread.ready
  await thread.proxy.add('milk')
  await nextTick()
  await all('live milk')
  expect(raised).toEqual([])
  for (const { app } of shown) app.unmount()
  await vi.waitFor(() => expect(thread.stats().subscriptions).toBe(0))
})
