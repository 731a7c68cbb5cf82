import { afterAll } from 'vitest'

/** Takes `SharedWorker` from the page, for all tests of a file: one of its tabs is elected then. */
export function withoutSharedWorker(): void {
  const descriptor = Object.getOwnPropertyDescriptor(window, 'SharedWorker')!
  Reflect.deleteProperty(window, 'SharedWorker')
  afterAll(() => void Object.defineProperty(window, 'SharedWorker', descriptor))
}
