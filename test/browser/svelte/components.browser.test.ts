import { bgThread, type RemoteStream } from 'bgthread'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { render } from 'vitest-browser-svelte'
import type TodoApp from '../../logic/todo-app.js'
import Action from '../../svelte/Action.svelte'
import Runes from '../../svelte/Runes.svelte'
import Todo from '../../svelte/Todo.svelte'
import Todos from '../../svelte/Todos.svelte'

const start = () => bgThread(() => import('../../logic/todo-app.js'), { name: 'svelte', linger: 0 })
let thread: ReturnType<typeof start>
let proxy: typeof thread.proxy

beforeEach(() => {
  thread = start()
  proxy = thread.proxy
})
afterEach(() => thread.terminate())

test('the logic runs in a worker', async () => {
  expect(await proxy.place()).toBe('worker' satisfies ReturnType<TodoApp['place']>)
})

test('$store shows the stream of a worker, and a keyed list keeps its rows', async () => {
  const { locator, container } = await render(Todos, { source: proxy.watchTodos })
  await proxy.add('milk')
  await expect.element(locator.getByText('milk')).toBeVisible()
  const row = container.querySelector('li')
  await proxy.add('bread')
  await expect.element(locator.getByText('bread')).toBeVisible()
  expect([...container.querySelectorAll('li')].map((item) => item.textContent)).toEqual(['bread', 'milk'])
  expect(container.querySelectorAll('li')[1]).toBe(row)
  await expect.element(locator.getByText('live')).toBeVisible()
})

test('current shows the stream of a worker, and its error', async () => {
  const { locator } = await render(Runes, { source: proxy.watchBroken })
  await expect.element(locator).toHaveTextContent('milk MILK error TypeError: spilled')
})

test('a prop that changes subscribes again, and unmounting ends the subscription in the worker', async () => {
  await proxy.addAll([{ title: 'milk' }, { title: 'bread' }])
  const watch = (id: number): RemoteStream<string> => proxy.watchTodo(id)
  const { locator, rerender, unmount } = await render(Todo, { id: 1, watch })
  await expect.element(locator).toHaveTextContent('1 milk milk')
  await rerender({ id: 2 })
  await expect.element(locator).toHaveTextContent('2 bread bread')
  await expect.poll(() => proxy.watched()).toEqual([2])
  await unmount()
  await expect.poll(() => proxy.watched()).toEqual([])
})

test('an action is pending until it is cancelled, in the worker too', async () => {
  const { locator } = await render(Action, { method: proxy.hold })
  await locator.getByText('add').click()
  await expect.element(locator).toHaveTextContent('nothing well pending')
  await expect.element(locator.getByText('add')).toBeDisabled()
  // What is cancelled before it has left never comes to the worker; whoever answers this has the action.
  await proxy.place()
  await locator.getByText('cancel').click()
  await expect.element(locator).toHaveTextContent('nothing well idle')
  expect(await proxy.aborted()).toBe(1)
})
