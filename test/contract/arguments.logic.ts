import { callSignal, keep } from 'bgthread/worker'
import { ThrownLogic } from './thrown.logic'

export type Progress = (done: number, total: number) => Promise<unknown>

export interface Tree {
  parent: Tree | null
  children: Tree[]
}

export interface Counter {
  n: number
  next: () => Promise<number>
}

function countStrays(tree: Tree): number {
  return tree.children.reduce((sum, child) => sum + countStrays(child) + (child.parent === tree ? 0 : 1), 0)
}

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
  /** Nodes whose parent is another object than the one that they are in. */
  strays(tree: Tree, ..._others: unknown[]) {
    return countStrays(tree)
  }
  async countEach(...counters: Counter[]) {
    const counts: number[] = []
    for (const counter of counters) counts.push(await counter.next())
    return counts
  }
  isOneFunction(a: Counter, b: Counter) {
    return a.next === b.next
  }
  async countWithoutObject({ next }: Counter) {
    return await next()
  }
  async callEach(callbacks: Iterable<() => Promise<unknown>>) {
    return await Promise.all([...callbacks].map((callback) => callback()))
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
  /** Waits for a callback, and notes what it gets and that it ends. */
  async askAndNote(callback: (n: number) => Promise<unknown>, _signal?: AbortSignal) {
    const signal = callSignal()
    try {
      this.log('asks')
      return await callback(1)
    } catch (error) {
      this.log(`refused: ${(error as Error).message}`)
      this.log(signal.reason === error ? 'with the reason of its signal' : 'with another')
      await callback(2).catch((error: Error) => this.log(`again: ${error.message}`))
      throw error
    } finally {
      this.log('ends')
    }
  }
  async keepAndAsk(callback: (n: number) => Promise<unknown>, _signal?: AbortSignal) {
    this.#release = keep(callback)
    this.log('asks')
    this.log(`answer: ${String(await callback(1))}`)
    this.log(`answer: ${String(await callback(2))}`)
  }
  async *watchAnswers(callback: (n: number) => Promise<unknown>) {
    try {
      yield 0
      this.log('asks')
      yield await callback(1)
    } catch (error) {
      this.log(`refused: ${(error as Error).name}`)
      throw error
    } finally {
      this.log('ends')
    }
  }
  async *watchWithCallback(onValue: Progress) {
    for (let i = 0; ; i++) {
      await onValue(i, 0)
      yield i
    }
  }
}
