import { expect, it } from 'vitest'
import { writable } from 'svelte/store'
import { realm } from '../../src/core/realm'
import { state } from '../../src/core/state'
import { stream } from '../../src/core/stream'

it('marks a source and gives it back', () => {
  const source = writable(1)
  const options = { key: 'number' }
  expect(stream(source, options)).toBe(source)
  expect(realm.streams.get(source)).toBe(options)
})

it('needs no options', () => {
  const source = writable(1)
  expect(stream(source)).toBe(source)
  expect(stream(source, undefined)).toBe(source)
  expect(stream(source, { key: undefined, patches: undefined })).toBe(source)
})

it('a state takes the same options', () => {
  expect(realm.streams.get(state(1, { patches: false }))).toEqual({ patches: false })
  expect(realm.streams.has(state(1))).toBe(false)
})

it.each([[[]], [{}], [null], [5]])('%j is no stream source', (value) => {
  expect(() => stream(value as object, {})).toThrow(
    new TypeError('stream(source, options): source must be a stream source'),
  )
})

it.each([[() => 1], [NaN], [{}], [Symbol('id')]])('a key is the name of a property, and not %s', (key) => {
  expect(() => stream(writable(1), { key: key as unknown as string })).toThrow(
    new TypeError("stream(source, { key }): key must be the name of a property, as in { key: 'id' }"),
  )
})
