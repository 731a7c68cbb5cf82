import { bgThread } from 'bgthread'
import { state } from 'bgthread/worker'
import { expect, it, vi } from 'vitest'
import * as Wire from '../../src/core/protocol'
import { serve } from '../../src/core/serve'
import { proseOf, read, snippetsOf } from './markdown'

const PAPER = 'docs/protocol.md'
const constants = Object.entries<unknown>(Wire).flatMap(([name, value]) =>
  typeof value === 'number' && !['LAST', 'VERSION'].includes(name) ? [[name, value] as const] : [],
)
const tags = new Map(
  constants.slice(
    0,
    constants.findIndex(([name]) => name === 'JSON_ARGS'),
  ),
)

it('the tables have every tag, form and kind, with its number', () => {
  const rows = [...proseOf(PAPER).matchAll(/^\|\s*(-?\d+) \| `([A-Z_]+)`/gm)].map(
    ([, n, name]) => `${name} ${n}`,
  )
  expect(rows.sort()).toEqual(constants.map(([name, n]) => `${name} ${n}`).sort())
})

it('the page names everything that protocol.ts exports, types too', () => {
  const exported = [...read('src/core/protocol.ts').matchAll(/^export \w+ (\w+)/gm)].map(([, name]) => name!)
  expect(exported).toEqual(
    expect.arrayContaining(['START', 'LOCKED', 'Hole', 'Hello', 'StartInfo', 'opLength']),
  )
  const words = new Set(proseOf(PAPER).match(/\w+/g))
  expect(exported.filter((name) => !words.has(name))).toEqual([])
  expect(words).toContain(`${Wire.VERSION}`)
})

class TodoApp {
  #todos = state<string[]>([])
  add(title: string) {
    this.#todos.update((todos) => [...todos, title])
    return this.#todos.get().length
  }
  watchTodos() {
    return this.#todos
  }
}

it('the conversation is what page and thread say', async () => {
  const said: string[] = []
  const { port1, port2 } = new MessageChannel()
  const post = port1.postMessage.bind(port1)
  const speak = (message: unknown, transfer: Transferable[]) => {
    said.push(...linesOf('→', message))
    post(message, transfer)
  }
  port1.addEventListener('message', ({ data }) => said.push(...linesOf('←', data)))
  const worker = Object.assign(port1, {
    postMessage: speak,
    terminate: () => port1.close(),
  }) as unknown as Worker
  const thread = bgThread<typeof TodoApp>(() => worker, { name: 'todos' })
  port1.start()
  const endServing = serve(port2, TodoApp)
  port2.start()

  await thread.ready
  const seen = vi.fn<(todos: string[]) => void>()
  thread.proxy.watchTodos().subscribe(seen)
  await vi.waitFor(() => expect(seen).toHaveBeenCalledWith([]))
  await thread.proxy.add('milk')
  await thread.close()
  endServing()

  const written = snippetsOf(PAPER).find(({ code }) => code.includes('START'))
  expect(said.join('\n')).toBe(written?.code.trimEnd())
})

/** A message, an op a line, with the names of tags. */
function linesOf(arrow: string, message: unknown): string[] {
  if (!Array.isArray(message)) return [`${arrow} ${JSON.stringify(message)}`]
  const lines: string[] = []
  for (let at = 1; at < message.length;) {
    const length = Wire.opLength(message[at], message[at + 3])
    const [tag, ...slots] = message.slice(at, at + length)
    const name = [...tags].find(([, number]) => number === tag)?.[0]
    const shown = slots.map((slot) => (slot === undefined ? 'undefined' : JSON.stringify(slot)))
    lines.push(`${at === 1 ? `${arrow} TOKEN` : '       '} ${name} ${shown.join(' ')}`)
    at += length
  }
  return lines
}
