// @vitest-environment happy-dom
import { bgThread, type RemoteStream } from 'bgthread'
import { bgAction, bgStore } from 'bgthread/svelte'
import { flushSync, mount, unmount } from 'svelte'
import { get } from 'svelte/store'
import { afterEach, beforeEach, expect, it, onTestFinished, vi } from 'vitest'
import { turn, watchRejections, watchReports } from '../core/watch.js'
import TodoApp from '../logic/todo-app.js'
import { props } from './props.svelte.js'
import Todo from './Todo.svelte'
import Todos from './Todos.svelte'

const start = () => bgThread(async () => TodoApp, { linger: 0 })
let thread = start()
const text = () => document.body.textContent?.trim().replace(/\s+/g, ' ')

beforeEach(() => {
  thread = start()
})
afterEach(() => {
  thread.terminate()
  document.body.innerHTML = ''
})

it("a method of the thread's is a store, which has the new row when the action has resolved", async () => {
  const todos = bgStore(thread.proxy.watchTodos, { initial: [] })
  const values: string[][] = []
  const unsubscribe = todos.subscribe((list) => values.push(list.map(({ title }) => title)))
  await thread.proxy.add('milk')
  expect(get(todos)).toEqual([{ id: 1, title: 'milk' }])
  await thread.proxy.add('bread')
  expect(todos.current[0]?.title).toBe('bread')
  expect([values[0], values.at(-1)]).toEqual([[], ['bread', 'milk']])
  unsubscribe()
})

it('a component shows the stream, keeps the rows that stay and ends the subscription', async () => {
  const { proxy } = thread
  const app = mount(Todos, { target: document.body, props: { source: proxy.watchTodos } })
  await proxy.add('milk')
  flushSync()
  const row = document.querySelector('li')
  await proxy.add('bread')
  flushSync()
  expect(text()).toBe('live breadmilk')
  expect(document.querySelectorAll('li')[1]).toBe(row)
  await unmount(app)
})

it('a store whose arguments cannot wait ends with its last reader, and begins anew with the next', async () => {
  const { proxy } = thread
  await proxy.addAll([{ title: 'milk' }, { title: 'bread' }])
  const pattern = /m/
  for (const matching of [
    bgStore(() => proxy.watchMatching(pattern)),
    bgStore(proxy.watchMatching(pattern)),
  ]) {
    for (let run = 0; run < 2; run++) {
      const leave = matching.subscribe(() => {})
      await vi.waitFor(() => expect(matching.current).toMatchObject([{ title: 'milk' }]))
      expect(await proxy.watched()).toEqual([0])
      leave()
      await vi.waitFor(async () => expect(await proxy.watched()).toEqual([]))
    }
  }
})

it('a getter is read again when a prop changes; the thread is told to end the stream before', async () => {
  const { proxy } = thread
  await proxy.addAll([{ title: 'milk' }, { title: 'bread' }])
  const values = props({ id: 1, watch: (id: number): RemoteStream<string> => proxy.watchTodo(id) })
  const app = mount(Todo, { target: document.body, props: values })
  await vi.waitFor(() => expect(text()).toBe('1 milk milk'))
  values.id = 2
  await vi.waitFor(() => expect(text()).toBe('2 bread bread'))
  await vi.waitFor(async () => expect(await proxy.watched()).toEqual([2]))
  await unmount(app)
  await vi.waitFor(async () => expect(await proxy.watched()).toEqual([]))
})

it('an error of the stream arrives as its class, and the value stays', async () => {
  const broken = bgStore(thread.proxy.watchBroken)
  const unsubscribe = broken.subscribe(() => {})
  await vi.waitFor(() => expect(broken.status.current).toBe('error'))
  expect(broken.error.current).toEqual(new TypeError('spilled'))
  expect(broken.current).toBe('milk')
  unsubscribe()
})

it('an action shows its result and its error, and its promise rejects', async () => {
  const add = bgAction(thread.proxy.add)
  const call = add('milk')
  expect(get(add)).toEqual({ pending: true, error: undefined, result: undefined })
  await call
  expect(get(add)).toEqual({ pending: false, error: undefined, result: { id: 1, title: 'milk' } })
  await expect(add('')).rejects.toBeInstanceOf(TypeError)
  expect(add.current.error).toEqual(new TypeError('a todo needs a title'))
})

it('cancel rejects with an AbortError, aborts in the thread and leaves the error', async () => {
  const hold = bgAction(thread.proxy.hold)
  const calls = [hold(), hold()]
  await thread.proxy.aborted()
  hold.cancel()
  expect(get(hold)).toEqual({ pending: false, error: undefined, result: undefined })
  for (const call of calls) await expect(call).rejects.toMatchObject({ name: 'AbortError' })
  expect(await thread.proxy.aborted()).toBe(2)
})

it('$state crosses as plain data', async () => {
  const { rows } = props({ rows: [{ title: 'milk' }] })
  expect(await bgAction(thread.proxy.addAll)(rows)).toEqual(['milk'])
})

it('a stream that fails is reported where nobody reads its error, and only there', async () => {
  const reports = watchReports()
  const unseen = bgStore(thread.proxy.watchBroken)
  const stopUnseen = unseen.subscribe(() => {})
  await vi.waitFor(() => expect(reports).toEqual([new TypeError('spilled')]))
  stopUnseen()

  const seen = bgStore(thread.proxy.watchBroken)
  let error: unknown
  const stop = [seen.subscribe(() => {}), seen.error.subscribe((now) => (error = now))]
  await vi.waitFor(() => expect(error).toEqual(new TypeError('spilled')))
  expect(reports).toHaveLength(1)
  for (const end of stop) end()
})

it('a failed action is raised where nobody reads its error, and only there', async () => {
  const raised = watchRejections()
  const add = bgAction(thread.proxy.add)
  void add('')
  await vi.waitFor(() => expect(raised).toEqual([new TypeError('a todo needs a title')]))
  expect(add.current.error).toBeInstanceOf(TypeError)
  void add('')
  await thread.proxy.place()
  await turn()
  expect(raised).toHaveLength(1)
})

it('an action that gives a stream is a warning, and the stream its result', async () => {
  const warn = vi.spyOn(console, 'warn').mockReturnValue()
  onTestFinished(() => warn.mockRestore())
  await thread.proxy.add('milk')
  const add = bgAction(thread.proxy.add)
  await add('bread')
  expect(warn).not.toHaveBeenCalled()

  // As JavaScript would: the types do not let it pass.
  const watch = bgAction(thread.proxy.watchTodos as unknown as () => Promise<RemoteStream<unknown[]>>)
  const todos = get(bgStore(await watch()))
  expect(warn.mock.calls).toEqual([[expect.stringContaining('an action gave a stream, not a value')]])
  expect(todos).toBeUndefined()
})
