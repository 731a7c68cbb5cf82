// @vitest-environment happy-dom
import { afterEach, describe, expect, it, vi } from 'vitest'
import { type Component, createApp, h, nextTick, shallowReactive } from 'vue'
import { MemoryStream, streamsBy } from '../memory-stream.js'
import Action from './Action.vue'
import Todo from './Todo.vue'
import Todos from './Todos.vue'

const shown: (() => void)[] = []
afterEach(() => {
  for (const leave of shown.splice(0)) leave()
})

function show(component: Component, values: object) {
  const target = document.body.appendChild(document.createElement('main'))
  const app = createApp({ render: () => h(component, { ...values }) })
  app.mount(target)
  shown.push(() => (app.unmount(), target.remove()))
  return { text: () => target.textContent?.trim().replace(/\s+/g, ' '), leave: () => app.unmount() }
}

describe('useBgRef in a component', () => {
  it('shows the snapshot, its status and its error', async () => {
    const stream = new MemoryStream<{ id: number; title: string }[]>()
    const { text } = show(Todos, { source: stream })
    expect(text()).toBe('connecting')
    stream.emit([{ id: 1, title: 'milk' }])
    await nextTick()
    expect(text()).toBe('live milk')
    stream.fail('offline')
    await nextTick()
    expect(text()).toBe('error offlinemilk')
  })

  it('a keyed list keeps its rows', async () => {
    const milk = { id: 1, title: 'milk' }
    const stream = new MemoryStream([milk])
    show(Todos, { source: stream })
    const row = document.querySelector('li')
    stream.emit([{ id: 2, title: 'bread' }, milk])
    await nextTick()
    expect([...document.querySelectorAll('li')].map((item) => item.textContent)).toEqual(['bread', 'milk'])
    expect(document.querySelectorAll('li')[1]).toBe(row)
  })

  it('unmounting ends the subscription', () => {
    const stream = new MemoryStream<never>()
    const { leave } = show(Todos, { source: stream })
    expect([stream.readers.size, stream.subscriptions]).toEqual([1, 1])
    leave()
    expect(stream.readers.size).toBe(0)
  })

  it('subscribes again when a prop changes, and never shows the one with the other', async () => {
    const watch = streamsBy<number, string>()
    watch(1).emit('milk')
    watch(2).emit('bread')
    const moments: string[] = []
    const values = shallowReactive({
      id: 1,
      watch,
      seen: (id: number, todo: string) => void moments.push(id + todo),
    })
    const { text, leave } = show(Todo, values)
    expect(text()).toBe('1 milk')
    values.id = 2
    await nextTick()
    expect(text()).toBe('2 bread')
    expect(moments).toEqual(['1milk', '2bread'])
    expect([watch(1).readers.size, watch(2).readers.size]).toEqual([0, 1])
    leave()
    expect(watch(2).readers.size).toBe(0)
  })

  it.each([
    [false, '2 none'],
    [true, '2 milk'],
  ])('with keepPrevious %s a stream that knows nothing yet shows %s', async (keepPrevious, expected) => {
    const watch = streamsBy<number, string>()
    const values = shallowReactive({ id: 1, watch, keepPrevious })
    const { text } = show(Todo, values)
    watch(1).emit('milk')
    values.id = 2
    await nextTick()
    expect(text()).toBe(expected)
    watch(2).emit('bread')
    await nextTick()
    expect(text()).toBe('2 bread')
  })
})

describe('useBgAction in a component', () => {
  it('shows pending, the result and the error', async () => {
    let settle = { resolve: (_title: string) => {}, reject: (_error: unknown) => {} }
    const method = () => new Promise<string>((resolve, reject) => (settle = { resolve, reject }))
    const { text } = show(Action, { method })
    const add = document.querySelector<HTMLButtonElement>('.add') as HTMLButtonElement
    expect([text(), add.disabled]).toEqual(['addcancelnothing well idle', false])
    add.click()
    await nextTick()
    expect([text(), add.disabled]).toEqual(['addcancelnothing well pending', true])
    settle.resolve('milk')
    await vi.waitFor(() => expect(text()).toBe('addcancelmilk well idle'))
    add.click()
    settle.reject('full')
    await vi.waitFor(() => expect(text()).toBe('addcancelnothing full idle'))
    add.click()
    await nextTick()
    document.querySelector<HTMLButtonElement>('.cancel')?.click()
    await nextTick()
    expect(text()).toBe('addcancelnothing full idle')
  })
})
