import { computed, customRef, reactive, readonly, ref, shallowRef, toRef } from 'vue'
import { state, transfer } from 'bgthread/worker'
import { LifeCycleLogic } from './life-cycle.logic'

class Holder {
  title = ref('held')
}

/** Refs of every kind, wherever one may stand, and what they stand for. */
export const REFS: Record<string, () => unknown> = {
  'a ref': () => ref(1),
  'a ref to an object': () => ref({ a: 1 }),
  'a ref to nothing': () => ref(null),
  'a shallow ref': () => shallowRef([1, 2]),
  'a computed': () => computed(() => 5),
  'a custom ref': () => customRef(() => ({ get: () => 6, set() {} })),
  'a ref to a property': () => toRef(reactive({ a: 7 }), 'a'),
  'a ref made of a getter': () => toRef(() => 8),
  'a readonly ref': () => readonly(ref({ b: 9 })),
  'refs in a list': () => [ref(1), shallowRef('two')],
  'refs in an object': () => ({ n: ref(1), list: [{ deep: ref([ref(2)]) }] }),
  'refs in a map': () => new Map<unknown, unknown>([['a', ref(1)]]),
  'refs in a set': () => new Set<unknown>([ref(1), shallowRef('two')]),
  'a ref to a ref': () => shallowRef({ inner: shallowRef({ innermost: ref(3) }) }),
  'a ref in reactive data': () => reactive({ n: ref(1), list: [ref(2)], map: new Map([['k', ref(3)]]) }),
  'a ref in an instance': () => new Holder(),
  'a ref in many rows': () =>
    Array.from({ length: 3_000 }, (_, id) => ({ id, count: id === 2_999 ? ref(1) : 0 })),
  'a ref that is the cause of an error': () => ({ ok: false, error: new TypeError('t', { cause: ref(1) }) }),
  'reactive data that is the cause of an error': () => [new RangeError('r', { cause: reactive({ a: [1] }) })],
  'refs in the causes of causes': () =>
    new Error('1', { cause: new URIError('2', { cause: { list: [ref(1), shallowRef('two')] } }) }),
  'a ref deep inside': () => {
    let deep: unknown = ref('deep')
    for (let i = 0; i < 200; i++) deep = i % 2 ? { deep } : [deep]
    return { filler: Array.from({ length: 500 }, (_, i) => ({ i })), deep }
  },
}

/** Takes and gives values of every kind, also such as cannot cross. */
export class ValuesLogic extends LifeCycleLogic {
  echo<T>(value: T): T {
    return value
  }
  echoAll(...values: unknown[]) {
    return values
  }
  async echoLater(value: unknown) {
    await null
    return value
  }
  thenable(how: string): PromiseLike<number> {
    // oxlint-disable-next-line unicorn/no-thenable -- as some database libraries have it
    return {
      then: (resolve: (value: unknown) => void) => {
        if (how === 'throw') throw new Error('then throws')
        resolve(Promise.resolve(5))
      },
    } as PromiseLike<number>
  }
  giveRefs(which: string) {
    return REFS[which]?.()
  }
  async callWithRefs(which: string, callback: (value: unknown) => Promise<unknown>) {
    return await callback(REFS[which]?.())
  }
  throwRefs(which: string) {
    throw Object.assign(new Error('with refs'), { value: REFS[which]?.() })
  }
  #shown = state<unknown>(0)
  watchShown() {
    return this.#shown
  }
  showRefs(which: string) {
    this.#shown.set(REFS[which]?.())
  }
  async *yieldRefs(which: string) {
    yield REFS[which]?.()
  }
  giveReactive(count: number) {
    return reactive(Array.from({ length: count }, (_, id) => ({ id })))
  }
  /** Returns an array and changes it in the same tick. */
  returnAndChange() {
    const list = [1, 2, 3]
    queueMicrotask(() => list.push(4))
    return list
  }
  returnBigAndChange() {
    const list = Array.from({ length: 1_000 }, (_, i) => i)
    queueMicrotask(() => list.push(-1))
    return list
  }
  same(a: unknown, b: unknown) {
    return a === b
  }
  sameInside(both: { a: unknown; b: unknown }) {
    return both.a === both.b
  }
  kindOf(value: unknown) {
    return Object.prototype.toString.call(value)
  }
  takeBuffer(buffer: ArrayBuffer) {
    return buffer.byteLength
  }
  giveBuffer(length: number) {
    const buffer = new ArrayBuffer(length)
    this.log('given')
    return transfer({ buffer }, [buffer])
  }
  giveDeep(levels: number): unknown {
    let deep: unknown = 1
    for (let i = 0; i < levels; i++) deep = { deep }
    return deep
  }
  watchDeep(levels: number) {
    return state(this.giveDeep(levels))
  }
  #given: ArrayBuffer | undefined
  giveNested(length: number) {
    this.#given = new ArrayBuffer(length)
    return { list: [{ image: transfer(this.#given, [this.#given]) }] }
  }
  leftOfGiven() {
    return this.#given?.byteLength
  }
  uncloneable() {
    return { rows: [1, 2, () => 3] }
  }
  uncloneablePromise() {
    return { later: Promise.resolve(1) }
  }
}
