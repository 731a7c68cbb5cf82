/** What would reach nobody but the console: collected for the test that expects it. */
import { onTestFinished } from 'vitest'

/** Collects what is given to `reportError` until the test is over. */
export function watchReports(): unknown[] {
  const reports: unknown[] = []
  const scope = globalThis as { reportError?: (error: unknown) => void }
  const before = scope.reportError
  scope.reportError = (error) => reports.push(error)
  onTestFinished(() => {
    scope.reportError = before
    if (!before) delete scope.reportError
  })
  return reports
}

/** One turn of the event loop: what was posted before has arrived, and what that has set off has run. */
export const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve))

/** Collects rejections that nobody handles until the test is over. */
export function watchRejections(): unknown[] {
  const rejections: unknown[] = []
  const listen = (reason: unknown) => rejections.push(reason)
  const others = process.listeners('unhandledRejection')
  process.removeAllListeners('unhandledRejection')
  process.on('unhandledRejection', listen)
  onTestFinished(() => {
    process.off('unhandledRejection', listen)
    for (const other of others) process.on('unhandledRejection', other)
  })
  return rejections
}

/** Collects whatever nothing has caught until the test is over: exceptions, rejections and reports. */
export function watchUncaught(): unknown[] {
  const errors = watchReports()
  const listen = (error: unknown) => errors.push(error)
  process.on('uncaughtException', listen)
  process.on('unhandledRejection', listen)
  onTestFinished(() => {
    process.off('uncaughtException', listen)
    process.off('unhandledRejection', listen)
  })
  return errors
}
