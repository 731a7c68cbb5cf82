import { state } from '../../../src/core/state.js'

/** What a logic must never be made to do, and what it may. */
export class App {
  reached: string[] = []
  count = state(0)
  field = () => this.reached.push('field')
  add(n = 1) {
    this.count.update((count) => count + n)
    return this.count.get()
  }
  alive() {
    return 'alive'
  }
  echo(value: unknown) {
    return value
  }
  still() {
    return 'still'
  }
  watch() {
    return this.count
  }
  async wait(callback: () => Promise<unknown>) {
    return callback()
  }
  _private() {
    this.reached.push('_private')
  }
  onStop() {
    this.reached.push('onStop')
  }
  toJSON() {
    this.reached.push('toJSON')
  }
  get accessor() {
    this.reached.push('accessor')
    return () => {}
  }
}
