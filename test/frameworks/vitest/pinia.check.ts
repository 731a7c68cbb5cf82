import { createPinia, defineStore, setActivePinia, skipHydrate } from 'pinia'
import { useBgRef } from 'bgthread/vue'
import { expect, it, vi } from 'vitest'
import { proxy } from './app'

it('runs', async () => {
  const warn = vi.spyOn(console, 'warn').mockReturnValue()
  const pinia = createPinia()
  setActivePinia(pinia)
  // As a page has it that a server has rendered.
  pinia.state.value = { marked: { count: 0 }, bare: { count: 0 } }
  const useMarked = defineStore('marked', () => ({
    count: skipHydrate(useBgRef(proxy.watchCount, { initial: 0 })),
  }))
  const marked = useMarked()
  await proxy.add(2)
  expect(marked.count).toBe(2)
  expect(warn).not.toHaveBeenCalled()

  defineStore('bare', () => ({ count: useBgRef(proxy.watchCount, { initial: 0 }) }))()
  expect(String(warn.mock.calls)).toContain('readonly')
})
