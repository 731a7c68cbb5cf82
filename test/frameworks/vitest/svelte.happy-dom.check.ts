import { mount, unmount } from 'svelte'
import { expect, it, vi } from 'vitest'
import { proxy } from './app'
import Counter from './Counter.svelte'

it('runs', async () => {
  expect(await proxy.place()).toBe('page')
  const app = mount(Counter, { target: document.body })
  const button = document.querySelector('button')
  button?.click()
  await vi.waitFor(() => expect(button?.textContent).toBe('2 2 false'))
  await unmount(app)
})
