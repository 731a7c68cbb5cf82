// @vitest-environment happy-dom
import { bgThread, type RemoteStream } from 'bgthread'
import { useBgAction, useBgRef } from 'bgthread/vue'
import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { createApp, effectScope, h, nextTick, reactive, shallowReactive, watchEffect } from 'vue'
import { turn, watchRejections, watchReports } from '../core/watch.js'
import TodoApp from '../logic/todo-app.js'
import Todo from './Todo.vue'
import Todos from './Todos.vue'

const start = () => bgThread(async () => TodoApp, { linger: 0 })
let thread = start()
let target = document.createElement('main')
const text = () => target.textContent?.trim().replace(/\s+/g, ' ')

beforeEach(() => {
  thread = start()
  target = document.createElement('main')
})
afterEach(() => thread.terminate())

it("a method of the thread's is a ref, which has the new row when the action has resolved", async () => {
  const todos = useBgRef(thread.proxy.watchTodos, { initial: [] })
  expect(todos.value).toEqual([])
  await thread.proxy.add('milk')
  expect(todos.value).toEqual([{ id: 1, title: 'milk' }])
})

it('a component shows the stream, and keeps the rows that stay', async () => {
  const { proxy } = thread
  const app = createApp(Todos, { source: proxy.watchTodos })
  app.mount(target)
  await proxy.add('milk')
  await nextTick()
  const row = target.querySelector('li')
  await proxy.add('bread')
  await nextTick()
  expect(text()).toBe('live breadmilk')
  expect(target.querySelectorAll('li')[1]).toBe(row)
  app.unmount()
})

it('a getter is read again when a prop changes; the thread is told to end the stream before', async () => {
  const { proxy } = thread
  await proxy.addAll([{ title: 'milk' }, { title: 'bread' }])
  const values = shallowReactive({ id: 1, watch: (id: number): RemoteStream<string> => proxy.watchTodo(id) })
  const app = createApp({ render: () => h(Todo, { ...values }) })
  app.mount(target)
  await vi.waitFor(() => expect(text()).toBe('1 milk'))
  values.id = 2
  await vi.waitFor(() => expect(text()).toBe('2 bread'))
  await vi.waitFor(async () => expect(await proxy.watched()).toEqual([2]))
  app.unmount()
  await vi.waitFor(async () => expect(await proxy.watched()).toEqual([]))
})

it('an error of the stream arrives as its class, and the value stays', async () => {
  const broken = useBgRef(thread.proxy.watchBroken)
  await vi.waitFor(() => expect(broken.status.value).toBe('error'))
  expect(broken.error.value).toEqual(new TypeError('spilled'))
  expect(broken.value).toBe('milk')
})

it('a ref whose arguments cannot wait ends with its scope, and another begins anew', async () => {
  const { proxy } = thread
  await proxy.addAll([{ title: 'milk' }, { title: 'bread' }])
  const stream = proxy.watchMatching(/m/)
  for (const source of [() => proxy.watchMatching(/m/), stream, stream]) {
    const scope = effectScope()
    const matching = scope.run(() => useBgRef(source))
    await vi.waitFor(() => expect(matching?.value).toMatchObject([{ title: 'milk' }]))
    await vi.waitFor(async () => expect(await proxy.watched()).toEqual([0]))
    scope.stop()
    await vi.waitFor(async () => expect(await proxy.watched()).toEqual([]))
  }
})

it('an action shows its result and its error, and its promise rejects', async () => {
  const { run, pending, error, result } = useBgAction(thread.proxy.add)
  const call = run('milk')
  expect(pending.value).toBe(true)
  await call
  expect([pending.value, error.value, result.value]).toEqual([false, undefined, { id: 1, title: 'milk' }])
  await expect(run('')).rejects.toBeInstanceOf(TypeError)
  expect(error.value).toEqual(new TypeError('a todo needs a title'))
})

it('cancel rejects with an AbortError, aborts in the thread and leaves the error', async () => {
  const { run, pending, error, cancel } = useBgAction(thread.proxy.hold)
  const calls = [run(), run()]
  await thread.proxy.aborted()
  cancel()
  expect([pending.value, error.value]).toEqual([false, undefined])
  for (const call of calls) await expect(call).rejects.toMatchObject({ name: 'AbortError' })
  expect(await thread.proxy.aborted()).toBe(2)
})

it('what is reactive crosses as plain data, snapshots and results of the library too', async () => {
  const rows = reactive([{ title: 'milk' }])
  const { run, result } = useBgAction(thread.proxy.addAll)
  expect(await run(rows)).toEqual(['milk'])
  expect(result.value).toEqual(['milk'])
  const todos = useBgRef(thread.proxy.watchTodos, { initial: [] })
  await thread.proxy.add('bread')
  expect(await run(todos.value)).toEqual(['bread', 'milk'])
})

it('a stream that fails is reported where nobody reads its error, and only there', async () => {
  const reports = watchReports()
  const unseen = effectScope()
  unseen.run(() => useBgRef(thread.proxy.watchBroken))
  await vi.waitFor(() => expect(reports).toEqual([new TypeError('spilled')]))
  unseen.stop()

  const seen = effectScope()
  const errors: unknown[] = []
  seen.run(() => {
    const { error } = useBgRef(thread.proxy.watchBroken)
    watchEffect(() => errors.push(error.value), { flush: 'sync' })
  })
  await vi.waitFor(() => expect(errors.at(-1)).toEqual(new TypeError('spilled')))
  expect(reports).toHaveLength(1)
  seen.stop()
})

it('a failed action is raised where nobody reads its error, and only there', async () => {
  const raised = watchRejections()
  const { run: add, error } = useBgAction(thread.proxy.add)
  void add('')
  await vi.waitFor(() => expect(raised).toEqual([new TypeError('a todo needs a title')]))
  expect(error.value).toBeInstanceOf(TypeError)
  void add('')
  await thread.proxy.place()
  await turn()
  expect(raised).toHaveLength(1)
})

it('a stream that is no longer asked for is left at once, whatever the linger', async () => {
  const lingering = bgThread(async () => TodoApp, { linger: 1e9 })
  const { proxy } = lingering
  const props = shallowReactive({ id: 1 })
  const scope = effectScope()
  scope.run(() => useBgRef(() => proxy.watchTodo(props.id)))
  await vi.waitFor(async () => expect(await proxy.watched()).toEqual([1]))
  props.id = 2
  await vi.waitFor(async () => expect(await proxy.watched()).toEqual([2]))
  scope.stop()
  expect(await proxy.watched()).toEqual([2])
  lingering.terminate()
})
