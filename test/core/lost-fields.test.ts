// @vitest-environment happy-dom
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import type { RemoteStream } from 'bgthread'
import { state } from 'bgthread/worker'
import { warnOfLostFields } from '../../src/core/lost-fields.js'
import { connect } from './pair'
import * as models from '../svelte/models.svelte'

class Derived extends models.Base {}

let warnings: string[]
beforeEach(() => {
  warnings = []
  vi.spyOn(console, 'warn').mockImplementation((text) => void warnings.push(text as string))
})
afterEach(() => vi.restoreAllMocks())

function check(value: object): string[] {
  warnOfLostFields({ deep: [value] }, 'args', 'todos.add()')(Object.getPrototypeOf(value) as object)
  return warnings
}

describe('a class instance with $state fields', () => {
  it('is named with its path in the cause of an error', async () => {
    class InCause {
      #title = ''
      get title() {
        return this.#title
      }
      set title(title) {
        this.#title = title
      }
    }
    const { proxy } = await connect({ give: () => ({ error: new Error('e', { cause: [new InCause()] }) }) })
    await proxy.give?.()
    expect(warnings).toHaveLength(1)
    expect(warnings[0]).toMatch(/^todos\.give\(\): result\.error\.cause\[0\] is an instance of InCause/)
  })

  it('is named in arguments, results and snapshots, once for a class', async () => {
    const { InArguments, InList, InResult, InSnapshot, InPatch } = models
    const chats = state<unknown[]>([])
    const { proxy } = await connect({
      take: () => {},
      give: (value: string) => (value === 'result' ? { rows: [new InResult()] } : new InResult()),
      watch: () => chats,
      show: (value: string) =>
        value === 'patch'
          ? chats.update((list) => void list.push(new InPatch()))
          : chats.set([...Array.from({ length: 100 }, (_, id) => ({ id })), new InSnapshot()]),
    })
    for (let i = 0; i < 2; i++) {
      await proxy.take?.({ chat: new InArguments() })
      await proxy.take?.(
        Array.from({ length: 1_000 }, (_, at) => (at === 700 ? new InList() : { at })),
        () => {},
      )
      await proxy.give?.('result')
    }
    const stream = proxy.watch?.() as unknown as RemoteStream<unknown>
    const stop = stream.subscribe(() => {})
    await proxy.show?.('whole')
    await proxy.show?.('patch')
    await proxy.show?.('patch')
    stop()
    expect(warnings.map((text) => text.split(': only own')[0])).toEqual([
      "todos.take(): args[0].chat is an instance of InArguments and arrives without 'title'",
      "todos.take(): args[0][700] is an instance of InList and arrives without 'late', 'title', 'count'",
      "todos.give(): result.rows[0] is an instance of InResult and arrives without 'title'",
      "todos.watch(): snapshot[100] is an instance of InSnapshot and arrives without 'title'",
      "todos.watch(): snapshot[101] is an instance of InPatch and arrives without 'title'",
    ])
    expect(warnings[0]).toMatch(/\$state.* Pass plain data/)
  })

  it.each<[string, () => object]>([
    ['accessors over a public field', () => new models.OverField()],
    ['accessors over what is computed', () => new models.OverComputed()],
    ['a getter alone', () => new models.GetterAlone()],
    ['no fields', () => new (class {})()],
    ['an array', () => new (class extends Array {})()],
    ['a text with the word private', () => new models.PrivateName()],
  ])('no warning for a class with %s', (_, make) => {
    expect(check(make())).toEqual([])
  })

  it.each<[string, () => object]>([
    ['a private field', () => new models.NativePrivate()],
    ['what TypeScript makes of it', () => new models.FromTypeScript()],
    ['what esbuild makes of it', () => new models.FromEsbuild()],
    ['what Babel and Oxc make of it', () => new models.FromOxc()],
    ['a private field of its base class', () => new Derived()],
  ])('a warning for accessors over %s', (_, make) => {
    expect(check(make())).toHaveLength(1)
    expect(check(make())).toHaveLength(1)
  })
})
