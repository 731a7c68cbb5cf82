// @vitest-environment happy-dom
import { flushSync, hydrate } from 'svelte'
import { expect, it, vi } from 'vitest'
import { MemoryStream } from '../memory-stream.js'
import { serverHtml } from './picture.js'
import Picture from './Picture.svelte'

it('hydration begins with what the server rendered, also where a snapshot is known, which comes when mounted', () => {
  const complaints = vi.spyOn(console, 'warn')
  document.body.innerHTML = serverHtml
  const server = document.querySelector('img')
  const stream = new MemoryStream(['milk.png', 'bread.png'])

  hydrate(Picture, { target: document.body, props: { source: stream } })
  expect([...document.querySelectorAll('img')]).toEqual([server])
  expect([server?.getAttribute('src'), server?.alt, stream.readers.size]).toEqual([
    'none.png',
    'connecting',
    0,
  ])

  flushSync()
  expect([...document.querySelectorAll('img')].map((image) => image.getAttribute('src'))).toEqual([
    'milk.png',
    'bread.png',
  ])
  expect([stream.readers.size, complaints.mock.calls]).toEqual([1, []])
})
