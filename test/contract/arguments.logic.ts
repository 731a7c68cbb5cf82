import { callSignal, keep } from 'bgthread/worker'
import { ThrownLogic } from './thrown.logic'

export type Progress = (done: number, total: number) => Promise<unknown>

/** Calls and keeps callbacks, and waits for signals. */
export class ArgumentsLogic extends ThrownLogic {
  #kept: ((value: number) => Promise<unknown>) | undefined
  #release = () => {}

  async progress(total: number, onProgress: Progress) {
    for (let i = 1; i <= total; i++) void onProgress(i, total)
    return total
  }
  async ask(question: { deep: { answer: (question: string) => Promise<unknown> } }) {
    return await question.deep.answer('why?')
  }
  sum(list: unknown[], onDone: (length: number) => Promise<unknown>) {
    void onDone(list.length)
    return list.length
  }
  keepCallback(callback: (value: number) => Promise<unknown>) {
    this.#kept = callback
    this.#release = keep(callback)
  }
  loseCallback(callback: (value: number) => Promise<unknown>) {
    this.#kept = callback
  }
  async callKept(value: number) {
    return await this.#kept?.(value)
  }
  releaseKept() {
    this.#release()
  }
  async untilAborted(options: { signal: AbortSignal }) {
    this.log('waiting')
    await new Promise((resolve) => options.signal.addEventListener('abort', resolve))
    this.log(`aborted: ${(options.signal.reason as Error).message}`)
    return 'too late'
  }
  async untilCancelled() {
    const signal = callSignal()
    this.log('waiting')
    await new Promise((resolve) => signal.addEventListener('abort', resolve))
    this.log(`cancelled: ${signal.reason instanceof DOMException && signal.reason.name}`)
  }
  async *watchWithCallback(onValue: Progress) {
    for (let i = 0; ; i++) {
      await onValue(i, 0)
      yield i
    }
  }
}
