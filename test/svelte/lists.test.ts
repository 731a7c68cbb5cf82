// @vitest-environment happy-dom
import { flushSync, mount, unmount } from 'svelte'
import { expect, it, onTestFinished, vi } from 'vitest'
import { bgThread } from 'bgthread'
import TodoApp from '../logic/todo-app.js'
import Lists from './Lists.svelte'

it('a list runs the code of the row that has changed, and of no other, where it reads no $store', async () => {
  const thread = bgThread(async () => TodoApp, { name: 'lists', linger: 0 })
  onTestFinished(() => thread.terminate())
  const { proxy } = thread
  const runs: Record<string, string[]> = { current: [], derived: [], store: [] }
  const ran = (list: string, title: string) => {
    runs[list]?.push(title)
    return title
  }
  await proxy.addAll(Array.from({ length: 2_000 }, (_, at) => ({ title: `todo ${at}` })))
  const app = mount(Lists, { target: document.body, props: { source: proxy.watchTodos, ran } })
  await vi.waitFor(() => expect(document.querySelectorAll('li')).toHaveLength(6_000))
  for (const list of Object.values(runs)) list.length = 0

  await proxy.rename(700, 'milk')
  flushSync()
  expect([runs.current, runs.derived]).toEqual([['milk'], ['milk']])
  // What the README warns of. If Svelte runs one here too, that warning can go.
  expect(runs.store).toHaveLength(2_000)
  for (const list of ['current', 'derived', 'store'])
    expect(document.querySelectorAll(`.${list} li`)[1_300]?.textContent).toBe('milk')
  await unmount(app)
})
