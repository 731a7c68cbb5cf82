/** Locks that are held for life: no event tells that a worker or a page is gone, but its locks are released. */
import { makeToken } from './token.js'

/** None outside of secure contexts. */
export const locks = (): LockManager | undefined =>
  (globalThis.navigator as { locks?: LockManager } | undefined)?.locks

/** @returns the name of a lock that is held as long as this side lives; undefined where there are none */
export function holdLock(): Promise<string | undefined> {
  const manager = locks()
  const name = makeToken()
  return new Promise((resolve) => {
    const forever = () => {
      resolve(name)
      return new Promise<never>(() => {})
    }
    // None outside of secure contexts, and refused to opaque origins.
    if (manager) manager.request(name, forever).catch(() => resolve(undefined))
    else resolve(undefined)
  })
}

/** @param released whoever held this lock is gone */
export function watchLock(name: string, signal: AbortSignal, released: () => void): void {
  locks()
    // Together with all others: one who hangs would hold it, and nobody behind would hear.
    ?.request(name, { mode: 'shared', signal }, released)
    .catch(() => {})
}

let own: Promise<string | undefined> | undefined

/** The lock of this page or thread, for all that has to be known of it elsewhere. Held from the first question on. */
export const ownLock = (): Promise<string | undefined> => (own ??= holdLock())
