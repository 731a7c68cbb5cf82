import { expect, it, vi } from 'vitest'
import { createApp } from 'vue'
import { proxy } from './app'
import Counter from './Counter.vue'

it('runs', async () => {
  expect(await proxy.place()).toBe('page')
  const app = createApp(Counter)
  app.mount(document.body.appendChild(document.createElement('main')))
  const button = document.querySelector('button')
  button?.click()
  await vi.waitFor(() => expect(button?.textContent).toBe('2 false'))
  app.unmount()
})
