import { useBgRef } from 'bgthread/vue'
import { expect, it } from 'vitest'
import { createSSRApp, effectScope, h } from 'vue'
import { renderToString } from 'vue/server-renderer'
import { MemoryStream, streamsBy } from '../memory-stream.js'
import Action from '../vue/Action.vue'
import Picture from '../vue/Picture.vue'
import Todo from '../vue/Todo.vue'

it('the server renders initial, though a snapshot is known, and subscribes to nothing', async () => {
  const stream = new MemoryStream(['milk.png', 'bread.png'])
  const html = await renderToString(createSSRApp(Picture, { source: stream }))
  expect(html).toBe('<!--[--><img src="none.png" alt="connecting"><!--]-->')
  expect(stream.subscriptions).toBe(0)
})

it('the server calls no method for a function', async () => {
  const watch = streamsBy<number, string>()
  const calls: number[] = []
  const props = { id: 1, watch: (id: number) => (calls.push(id), watch(id)) }
  expect(await renderToString(createSSRApp(Todo, props))).toBe('<p>1 none </p>')
  expect(calls).toEqual([])
})

it('a state that one component makes for all, as a Pinia store does, subscribes to nothing either', async () => {
  const stream = new MemoryStream('milk')
  const setup = () => effectScope(true).run(() => useBgRef(stream, { initial: 'none' }))
  const html = await renderToString(
    createSSRApp({ setup: () => ({ todo: setup() }), render: ({ todo = '' }) => h('p', todo) }),
  )
  expect([html, stream.subscriptions]).toEqual(['<p>none</p>', 0])
})

it('the server renders an action that has not been called', async () => {
  const html = await renderToString(createSSRApp(Action, { method: () => Promise.resolve('milk') }))
  expect(html).toContain('nothing well idle')
})
