import type { Observable } from 'rxjs'
import { expectTypeOf, test } from 'vitest'
import { state, stream, type State, type StreamOptions, type ThreadContext } from 'bgthread/worker'

type Order = { number: string }

test('a stream with options is what it was', () => {
  expectTypeOf(state<Order[]>([], { key: 'number', patches: false })).toEqualTypeOf<State<Order[]>>()
  expectTypeOf(state(1, {})).toEqualTypeOf<State<number>>()
  expectTypeOf(stream({} as Observable<Order[]>, { key: 'number' })).toEqualTypeOf<Observable<Order[]>>()
})

test('options are the known ones', () => {
  expectTypeOf<StreamOptions>().toEqualTypeOf<{ patches?: boolean; key?: string }>()
  // @ts-expect-error -- a misspelt option
  state(1, { keys: 'number' })
  // @ts-expect-error -- no source
  stream(1, {})
})

test('the context counts snapshots', () => {
  expectTypeOf<ReturnType<ThreadContext['stats']>['patches']>().toEqualTypeOf<number>()
})
