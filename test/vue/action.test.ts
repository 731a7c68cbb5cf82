// @vitest-environment happy-dom
import { useBgAction } from 'bgthread/vue'
import { expect, it, vi } from 'vitest'
import { createApp, effectScope, h, nextTick, onMounted, ref, watch } from 'vue'

it('an action that settles after its scope has ended goes on and writes nothing', async () => {
  let resolve = (_title: string) => {}
  const scope = effectScope()
  const add = scope.run(() => useBgAction(() => new Promise<string>((settle) => (resolve = settle))))
  const call = add?.run()
  scope.stop()
  resolve('milk')
  expect(await call).toBe('milk')
  expect([add?.pending.value, add?.result.value]).toEqual([true, undefined])
})

it('what handlers, hooks and watchers return of a failed action is no news to Vue', async () => {
  const { run, error } = useBgAction((title: string) => Promise.reject<string>(new Error(title)))
  const reported: unknown[] = []
  const title = ref('milk')
  const app = createApp({
    setup() {
      onMounted(() => run(title.value))
      watch(title, (now) => run(now))
      return () => h('button', { onClick: () => run('tea') })
    },
  })
  app.config.errorHandler = (failure) => reported.push(failure)
  const target = document.createElement('main')
  app.mount(target)
  await vi.waitFor(() => expect(error.value).toEqual(new Error('milk')))
  title.value = 'bread'
  await vi.waitFor(() => expect(error.value).toEqual(new Error('bread')))
  target.querySelector('button')?.click()
  await vi.waitFor(() => expect(error.value).toEqual(new Error('tea')))
  await nextTick()
  expect(reported).toEqual([])
  app.unmount()
})

it('a call gives a promise like any other', async () => {
  const failing = useBgAction(() => Promise.reject<string>(new Error('full')))
  const message = (error: Error) => error.message
  const call = failing.run()
  expect([await call.then(String, message), await call.catch(message)]).toEqual(['full', 'full'])
  await expect(call).rejects.toThrow('full')
  await expect(call.finally(() => {})).rejects.toThrow('full')
  await expect(Promise.all([call, 'milk'])).rejects.toThrow('full')
  await expect((async () => call)()).rejects.toThrow('full')
  expect(call).toBeInstanceOf(Promise)
})

it.each([undefined, {}, Promise.resolve()])('useBgAction refuses %s where it is made', (method) => {
  expect(() => useBgAction(method as unknown as () => Promise<void>)).toThrow(
    new TypeError('useBgAction(method): method must be an action, as in useBgAction(proxy.add)'),
  )
})
