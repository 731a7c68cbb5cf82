import { describe, expect, it } from 'vitest'
import { LimitError } from '../../../src/core/errors.js'
import { WINDOW } from '../../../src/core/flow.js'
import { transfer } from '../../../src/core/transfer.js'
import { StoreReader, ValueReader } from '../../../src/core/readers.js'
import { makeClient, makeSubject, tick, range } from './client'

describe('ValueReader', () => {
  it('sends every value as it was emitted', async () => {
    const { said, read } = makeClient()
    const subject = makeSubject()
    read(ValueReader, subject)
    const list = [1]
    subject.next(list)
    list.push(2)
    subject.next(list)
    subject.next(undefined)
    subject.complete()
    await tick()
    expect(said).toEqual([
      ['VALUE', [1]],
      ['VALUE', [1, 2]],
      ['VALUE', undefined],
      ['COMPLETE', 0],
    ])
  })

  it('values without credit wait as they were emitted, and leave in order as it is granted', async () => {
    const { said, read } = makeClient()
    const subject = makeSubject()
    const reader = read(ValueReader, subject)
    const date = new Date(0)
    for (let i = 0; i < WINDOW + 40; i++) {
      date.setTime(i)
      subject.next(date)
    }
    date.setTime(-1)
    subject.complete()
    await tick()
    expect(said).toEqual(range(0, WINDOW).map((i) => ['VALUE', new Date(i)]))
    reader.grant(32)
    expect(said.length).toBe(WINDOW + 32)
    reader.grant(32)
    await tick()
    expect(said.slice(WINDOW)).toEqual([
      ...range(WINDOW, WINDOW + 40).map((i) => ['VALUE', new Date(i)]),
      ['COMPLETE', 0],
    ])
  })

  it('what waits and is to be moved is moved when it was emitted', () => {
    const { said, read } = makeClient()
    const subject = makeSubject()
    const reader = read(ValueReader, subject)
    for (let i = 0; i < WINDOW; i++) subject.next(i)
    const bytes = new Uint8Array([7])
    subject.next(transfer(bytes, [bytes.buffer]))
    expect(bytes.length).toBe(0)
    reader.grant(1)
    expect(said.at(-1)).toEqual(['VALUE', new Uint8Array([7])])
  })

  it('a reader for whom too many values wait gets a LimitError, and the source is let go', async () => {
    const { said, ended, read } = makeClient(10)
    const subject = makeSubject()
    const reader = read(ValueReader, subject)
    for (let i = 0; i < WINDOW + 10; i++) subject.next(i)
    await tick()
    expect(said.length).toBe(WINDOW)
    subject.next('one too many')
    await tick()
    expect(said.length).toBe(WINDOW + 1)
    expect(said.at(-1)?.[0]).toBe('FAIL')
    expect(said.at(-1)?.[1]).toBeInstanceOf(LimitError)
    expect(String(said.at(-1)?.[1])).toContain('todos.watchTodos(): more than 10 values wait')
    expect([ended, subject.observer]).toEqual([[reader], undefined])
  })

  it('one that is full does not harm another reader of the same source', async () => {
    const { said, read } = makeClient(0)
    const subject = makeSubject()
    read(ValueReader, subject)
    read(StoreReader, subject)
    for (let i = 0; i <= WINDOW + 1; i++) subject.next(i)
    await tick()
    expect(said.at(-1)).toEqual(['SNAPSHOT', WINDOW + 1])
  })

  it('a value that cannot be cloned fails this stream, with its path', async () => {
    for (const before of [0, WINDOW]) {
      const { said, read, ended } = makeClient()
      const subject = makeSubject()
      read(ValueReader, subject)
      for (let i = 0; i < before; i++) subject.next(i)
      subject.next([() => {}])
      await tick()
      await tick()
      expect(said.at(-1)).toMatchObject(['FAIL', { path: 'value[0]' }])
      expect([said.length, ended.length]).toEqual([before + 1, 1])
    }
  })
})
