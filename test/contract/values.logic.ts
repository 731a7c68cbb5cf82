import { reactive } from 'vue'
import { state, transfer } from 'bgthread/worker'
import { LifeCycleLogic } from './life-cycle.logic'

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
