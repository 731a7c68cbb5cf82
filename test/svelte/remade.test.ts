// @vitest-environment happy-dom
import { flushSync, mount, type Component, unmount } from 'svelte'
import { bgThread, type RemoteStream } from 'bgthread'
import { expect, it, onTestFinished, vi } from 'vitest'
import TodoApp from '../logic/todo-app.js'
import Legacy from './Legacy.svelte'
import { props } from './props.svelte.js'
import Remade from './Remade.svelte'
import RemadeByDerived from './RemadeByDerived.svelte'
import RemadeByFunction from './RemadeByFunction.svelte'
import Rows from './Rows.svelte'
import Todo from './Todo.svelte'

type Shown = Component<{ id: number; watch: (id: number) => RemoteStream<string> }>

/** Shows a todo and changes which, ten times. @returns what was warned of */
async function change(shown: Shown): Promise<string[]> {
  const warn = vi.spyOn(console, 'warn').mockReturnValue()
  const thread = bgThread(async () => TodoApp, { name: 'todos', linger: 0 })
  onTestFinished(() => {
    warn.mockRestore()
    thread.terminate()
  })
  const { proxy } = thread
  await proxy.addAll(Array.from({ length: 20 }, (_, at) => ({ title: `todo ${at + 1}` })))
  const values = props({ id: 1, watch: (id: number): RemoteStream<string> => proxy.watchTodo(id) })
  const app = mount(shown, { target: document.body, props: values })
  for (let id = 1; id <= 10; id++) {
    flushSync(() => (values.id = id))
    await vi.waitFor(() => expect(document.body.textContent).toContain(`todo ${id}`))
  }
  await unmount(app)
  return warn.mock.calls.map(String)
}

it.each<[string, Shown, string]>([
  ['$: and a stream', Remade as Shown, 'store of watchTodo() at each change'],
  ['$: and a function', RemadeByFunction as Shown, 'store at each change'],
  ['$derived', RemadeByDerived as Shown, 'store of watchTodo() at each change'],
])('a component that makes its store anew at each change is warned of, once: %s', async (_, shown, text) => {
  expect(await change(shown)).toEqual([expect.stringContaining(text)])
})

it.each<[string, Shown]>([
  ['a function in a component with runes', Todo as Shown],
  ['a function in a component without', Legacy as Shown],
  ['a store for each row of a list, and for each component', Rows as Shown],
])('one that makes it once is not: %s', async (_, shown) => {
  expect(await change(shown)).toEqual([])
})
