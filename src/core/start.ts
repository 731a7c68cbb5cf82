/** How long something is waited for. */
import { after } from './task.js'

/** A start that is waited for. Ignoring its failure raises nothing. */
export class Start {
  resolve!: () => void
  reject!: (error: Error) => void
  settled = false
  readonly promise = new Promise<void>((resolve, reject) => {
    this.resolve = () => {
      this.settled = true
      resolve()
    }
    this.reject = (error) => {
      this.settled = true
      reject(error)
    }
  })

  constructor() {
    this.promise.catch(() => {})
  }
}

/** Waits for `work`, but no longer than so many milliseconds: then there is no result, or `late` is thrown. */
export async function within<T>(
  milliseconds: number,
  work: Promise<T>,
  late?: Error,
): Promise<T | undefined> {
  let timer: ReturnType<typeof setTimeout> | undefined
  const timeout = new Promise<undefined>((resolve, reject) => {
    timer = after(milliseconds, () => (late ? reject(late) : resolve(undefined)))
  })
  try {
    return await Promise.race([work, timeout])
  } finally {
    clearTimeout(timer)
  }
}
