import { render } from 'svelte/server'
import { get } from 'svelte/store'
import { bgStore } from 'bgthread/svelte'
import { expect, it } from 'vitest'
import { MemoryStream, streamsBy } from '../memory-stream.js'
import Action from '../svelte/Action.svelte'
import { serverHtml } from '../svelte/picture.js'
import Picture from '../svelte/Picture.svelte'
import Runes from '../svelte/Runes.svelte'
import Todo from '../svelte/Todo.svelte'

it('the server renders initial, though a snapshot is known, and subscribes to nothing', () => {
  const stream = new MemoryStream(['milk.png', 'bread.png'])
  expect(render(Picture, { props: { source: stream } }).body).toBe(serverHtml)
  expect(stream.subscriptions).toBe(0)
})

it('the server renders current as initial, also through $derived', () => {
  const stream = new MemoryStream('milk')
  expect(render(Runes, { props: { source: stream } }).body).toContain('none NONE connecting')
  expect(stream.subscriptions).toBe(0)
})

it('the server calls no method for a function', () => {
  const watch = streamsBy<number, string>()
  const calls: number[] = []
  const { body } = render(Todo, { props: { id: 1, watch: (id: number) => (calls.push(id), watch(id)) } })
  expect(body).toContain('1 none none')
  expect(calls).toEqual([])
})

it('the server renders an action that has not been called', () => {
  const { body } = render(Action, { props: { method: () => Promise.resolve('milk') } })
  expect(body).toContain('nothing well idle')
})

it('a store outside of components is initial on a server', () => {
  const stream = new MemoryStream('milk')
  const todo = bgStore(stream, { initial: 'none' })
  expect([get(todo), todo.current, get(todo.status), stream.subscriptions]).toEqual([
    'none',
    'none',
    'connecting',
    0,
  ])
})
