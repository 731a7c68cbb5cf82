// @vitest-environment happy-dom
import { type Component, flushSync, mount, tick, unmount } from 'svelte'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { MemoryStream, streamsBy } from '../memory-stream.js'
import Action from './Action.svelte'
import Legacy from './Legacy.svelte'
import { props } from './props.svelte.js'
import Runes from './Runes.svelte'
import Todo from './Todo.svelte'
import Todos from './Todos.svelte'

const shown: (() => Promise<void>)[] = []
afterEach(async () => {
  for (const leave of shown.splice(0)) await leave()
})

/** Mounts, and lets the first mount of the page, which could be a hydration, come to its end. */
function show<Props extends Record<string, unknown>>(component: Component<Props>, props: Props) {
  const app = mount<Props, object>(component, { target: document.body, props })
  flushSync()
  let left: Promise<void> | undefined
  const leave = () => (left ??= unmount(app))
  shown.push(leave)
  return { text: () => document.body.textContent?.trim().replace(/\s+/g, ' '), leave }
}

describe('bgStore in a component', () => {
  it('shows $store, its status and its error', () => {
    const stream = new MemoryStream<{ id: number; title: string }[]>()
    const { text } = show(Todos, { source: stream })
    expect(text()).toBe('connecting')
    stream.emit([{ id: 1, title: 'milk' }])
    flushSync()
    expect(text()).toBe('live milk')
    stream.fail('offline')
    flushSync()
    expect(text()).toBe('error offline milk')
  })

  it('a keyed list keeps its rows', () => {
    const milk = { id: 1, title: 'milk' }
    const stream = new MemoryStream([milk])
    show(Todos, { source: stream })
    const row = document.querySelector('li')
    stream.emit([{ id: 2, title: 'bread' }, milk])
    flushSync()
    expect([...document.querySelectorAll('li')].map((item) => item.textContent)).toEqual(['bread', 'milk'])
    expect(document.querySelectorAll('li')[1]).toBe(row)
  })

  it('shows current, also through $derived', () => {
    const stream = new MemoryStream<string>()
    const { text } = show(Runes, { source: stream })
    expect(text()).toBe('none NONE connecting')
    stream.emit('milk')
    flushSync()
    expect(text()).toBe('milk MILK live')
    stream.fail('offline')
    flushSync()
    expect(text()).toBe('milk MILK error offline')
  })

  it('current is right in an event handler', () => {
    const stream = new MemoryStream<string>()
    let read = () => ''
    show(Runes, { source: stream, title: (current: () => string) => (read = current) })
    stream.emit('milk')
    expect(read()).toBe('milk')
  })

  it.each([
    ['$store', (source: MemoryStream<never>) => show(Todos, { source })],
    ['current', (source: MemoryStream<never>) => show(Runes, { source })],
  ])('unmounting ends the subscription of %s', async (_how, showIt) => {
    const stream = new MemoryStream<never>()
    const { leave } = showIt(stream)
    expect([stream.readers.size, stream.subscriptions]).toEqual([1, 1])
    await leave()
    await vi.waitFor(() => expect(stream.readers.size).toBe(0))
  })

  it('subscribes again when a prop changes, and never shows the one with the other', async () => {
    const watch = streamsBy<number, string>()
    watch(1).emit('milk')
    watch(2).emit('bread')
    const moments = new Set<string>()
    const values = props({ id: 1, watch, seen: (...moment: unknown[]) => void moments.add(moment.join(' ')) })
    const { text, leave } = show(Todo, values)
    expect(text()).toBe('1 milk milk')
    values.id = 2
    flushSync()
    expect(text()).toBe('2 bread bread')
    expect([...moments]).toEqual(['1 milk milk', '2 bread bread'])
    expect([watch(1).readers.size, watch(2).readers.size]).toEqual([0, 1])
    await leave()
    await vi.waitFor(() => expect(watch(2).readers.size).toBe(0))
  })

  it.each([
    [false, '2 none none'],
    [true, '2 milk milk'],
  ])('with keepPrevious %s a stream that knows nothing yet shows %s', (keepPrevious, expected) => {
    const watch = streamsBy<number, string>()
    const values = props({ id: 1, watch, keepPrevious })
    const { text } = show(Todo, values)
    watch(1).emit('milk')
    flushSync()
    values.id = 2
    flushSync()
    expect(text()).toBe(expected)
    watch(2).emit('bread')
    flushSync()
    expect(text()).toBe('2 bread bread')
  })

  it('works without runes', () => {
    const watch = streamsBy<number, string>()
    const values = props({ id: 1, watch })
    const { text } = show(Legacy, values)
    watch(1).emit('milk')
    flushSync()
    expect(text()).toBe('1 milk')
    values.id = 2
    flushSync()
    expect(text()).toBe('2 none')
    expect([watch(1).readers.size, watch(2).readers.size]).toEqual([0, 1])
  })
})

describe('bgAction in a component', () => {
  it('shows pending, the result and the error', async () => {
    let settle = { resolve: (_title: string) => {}, reject: (_error: unknown) => {} }
    const method = () => new Promise<string>((resolve, reject) => (settle = { resolve, reject }))
    const { text } = show(Action, { method })
    const add = document.querySelector<HTMLButtonElement>('.add') as HTMLButtonElement
    expect([text(), add.disabled]).toEqual(['add cancel nothing well idle', false])
    add.click()
    flushSync()
    expect([text(), add.disabled]).toEqual(['add cancel nothing well pending', true])
    settle.resolve('milk')
    await tick()
    await vi.waitFor(() => expect(text()).toBe('add cancel milk well idle'))
    add.click()
    settle.reject('full')
    await vi.waitFor(() => expect(text()).toBe('add cancel nothing full idle'))
    add.click()
    flushSync()
    document.querySelector<HTMLButtonElement>('.cancel')?.click()
    flushSync()
    expect(text()).toBe('add cancel nothing full idle')
  })
})
