import { total } from '../total.js'

export default class Totals {
  total(text: string) {
    return total(text)
  }
}
