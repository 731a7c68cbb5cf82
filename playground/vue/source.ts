import { onScopeDispose, shallowReadonly, shallowRef } from 'vue'
import type { State } from 'bgthread/worker'

/** What a state of the page holds, as a ref. */
export function useSource<U>(source: State<U>) {
  const value = shallowRef(source.get())
  onScopeDispose(source.subscribe((next) => (value.value = next)))
  return shallowReadonly(value)
}
