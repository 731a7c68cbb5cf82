/** A logic that cannot start before its time, and what makes a thread of it. */
import { bgThread } from 'bgthread'
import { state } from 'bgthread/worker'

class LateApp {
  #rows = state<string[]>([])

  add(row: string) {
    this.#rows.update((rows) => [...rows, row])
  }
  watchRows() {
    return this.#rows
  }
}

/** @returns a thread that has failed until `isReady` says otherwise, and is restarted then */
export const startLate = (isReady: () => boolean) =>
  bgThread(
    async () => {
      if (!isReady()) throw new Error('offline')
      return LateApp
    },
    { name: 'late', linger: 0 },
  )
