// @vitest-environment happy-dom
import { renderToString } from 'vue/server-renderer'
import { expect, it, vi } from 'vitest'
import { createSSRApp, h, nextTick } from 'vue'
import { MemoryStream } from '../memory-stream.js'
import Picture from './Picture.vue'

it('hydration begins with what the server rendered, also where a snapshot is known, which comes when mounted', async () => {
  const complaints = vi.spyOn(console, 'warn')
  const stream = new MemoryStream(['milk.png', 'bread.png'])
  const app = () => createSSRApp({ render: () => h(Picture, { source: stream }) })
  document.body.innerHTML = await renderToString(app())
  const server = document.querySelector('img')
  expect([server?.getAttribute('src'), server?.alt, stream.subscriptions]).toEqual([
    'none.png',
    'connecting',
    0,
  ])

  const hydrated = app()
  hydrated.mount(document.body)
  expect([...document.querySelectorAll('img')]).toEqual([server])
  await nextTick()
  expect([...document.querySelectorAll('img')].map((image) => image.getAttribute('src'))).toEqual([
    'milk.png',
    'bread.png',
  ])
  expect([stream.readers.size, complaints.mock.calls]).toEqual([1, []])

  hydrated.unmount()
  expect(stream.readers.size).toBe(0)
})
