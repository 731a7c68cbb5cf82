import { keep } from 'bgthread/worker'
import type { Remote } from 'bgthread'
import type { Add } from '../../adder.js'
import type Adder from '../../shared/logic.js'
import { middleAtOnce, oneByOne } from '../../trips.js'

export default class Caller {
  #add: Add = () => Promise.reject(new Error('there is no adder'))

  /** Is given another thread: a line leads there. */
  use(adder: Remote<Adder>) {
    this.#add = adder.add
  }
  /** Is given a function of the page, which calls the other thread. */
  useFunction(add: (a: number, b: number) => Promise<number>) {
    keep(add)
    this.#add = add
  }
  oneByOne(count: number) {
    return oneByOne(this.#add, count)
  }
  atOnce(count: number) {
    return middleAtOnce(this.#add, count)
  }
}
