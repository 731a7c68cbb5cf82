import { expect, it } from 'vitest'
import { render } from 'vitest-browser-vue'
import { proxy } from './app'
import Counter from './Counter.vue'

it('runs', async () => {
  expect(await proxy.place()).toBe('worker')
  const screen = await render(Counter)
  await screen.getByRole('button').click()
  await expect.element(screen.getByRole('button')).toHaveTextContent('2 false')
})
