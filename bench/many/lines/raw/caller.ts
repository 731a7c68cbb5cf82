import type { Add } from '../../adder.js'
import { answerOn, callerOf } from '../../hand.js'
import { middleAtOnce, oneByOne } from '../../trips.js'

const call = callerOf(globalThis)
/** By way of the page, until there is a port. */
let add: Add = (a, b) => call('add', [a, b])

answerOn(globalThis, {
  use(port: MessagePort) {
    const callDirectly = callerOf(port)
    add = (a, b) => callDirectly('add', [a, b])
  },
  oneByOne: (count: number) => oneByOne(add, count),
  atOnce: (count: number) => middleAtOnce(add, count),
})
