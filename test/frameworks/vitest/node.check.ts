import { expect, it } from 'vitest'
import { proxy } from './app'

it('runs', async () => {
  expect(await proxy.place()).toBe('page')
  await proxy.add(2)
  for await (const count of proxy.watchCount()) {
    expect(count).toBe(2)
    break
  }
})
