import { add } from '../adder.js'

export default class Adder {
  add(a: number, b: number) {
    return add(a, b)
  }
}
