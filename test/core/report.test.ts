import { describe, expect, it } from 'vitest'
import { DEVELOPMENT, report } from '../../src/core/report.js'
import { watchReports } from './watch'

describe('report', () => {
  it('gives an error to reportError where the platform has it', () => {
    const reports = watchReports()
    report('thrown')
    expect(reports).toEqual(['thrown'])
  })

  it('throws it where nothing can catch it where the platform has not', async () => {
    const scope = globalThis as { reportError?: unknown }
    const before = scope.reportError
    delete scope.reportError
    const listeners = process.listeners('uncaughtException')
    process.removeAllListeners('uncaughtException')
    try {
      const caught = new Promise((resolve) => process.once('uncaughtException', resolve))
      const error = new Error('uncaught')
      report(error)
      expect(await caught).toBe(error)
    } finally {
      for (const listener of listeners) process.on('uncaughtException', listener)
      if (before) scope.reportError = before
    }
  })

  it('a test is development', () => {
    expect(DEVELOPMENT).toBe(true)
  })
})
