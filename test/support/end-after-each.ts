import { afterEach } from 'vitest'

interface Ending {
  terminate(): void
}

/** @returns takes what a test has started, which ends with that test, and gives it back */
export function endAfterEach(): <T extends Ending>(started: T) => T {
  const all: Ending[] = []
  afterEach(() => {
    for (const one of all.splice(0)) one.terminate()
  })
  return (started) => {
    all.push(started)
    return started
  }
}
