import type { Settled, Value } from './observation.js'

type End = { how: 'resolves' | 'rejects' | 'throws'; at: number; value: unknown }

/** A call, and what becomes of it. */
export class Watched {
  readonly #began = performance.now()
  #end: End | undefined
  /** Resolves when the call has settled, however it has. */
  readonly settled: Promise<void>

  constructor(make: () => PromiseLike<unknown>) {
    this.settled = new Promise((done) => {
      const end = (how: End['how']) => (value: unknown) => {
        this.#end ??= { how, at: performance.now(), value }
        done()
      }
      try {
        make().then(end('resolves'), end('rejects'))
      } catch (error) {
        end('throws')(error)
      }
    })
  }

  /** What it gave or failed with. */
  get value(): unknown {
    return this.#end?.value
  }

  /**
   * What became of it, at most `bound` ms from now.
   *
   * @param since when the fault was, by `performance.now()`
   */
  async outcome(bound: number, since = 0): Promise<Settled> {
    await Promise.race([this.settled, delay(bound)])
    if (!this.#end) return { how: 'hangs' }
    const { how, at, value } = this.#end
    return { how, ms: Math.max(0, at - Math.max(since, this.#began)), value: describe(value) }
  }
}

/** Resolves after so many ms. */
export const delay = (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms))

/** Resolves when something is so, or after so many ms. */
export async function until(isSo: () => boolean, bound: number): Promise<void> {
  const end = performance.now() + bound
  while (!isSo() && performance.now() < end) await delay(10)
}

function describe(value: unknown): Value {
  if (!(value instanceof Error)) return { text: oneLine(textOf(value)) }
  const { name, message } = value
  const code = 'code' in value && typeof value.code === 'string' ? { code: value.code } : {}
  return { text: oneLine(message), name, ...code }
}

function textOf(value: unknown): string {
  if (typeof value === 'string') return `'${value}'`
  if (typeof value !== 'object' || value === null) return String(value)
  try {
    return JSON.stringify(value)
  } catch {
    return Object.prototype.toString.call(value)
  }
}

/** Addresses differ from run to run. */
const oneLine = (text: string) =>
  text
    .replace(/\s+/g, ' ')
    .replace(/\b(blob:)?https?:\/\/[\w.]+:\d+\/[\w-]*/g, '…/')
    .slice(0, 200)
