import { execFile } from 'node:child_process'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { beforeAll, describe, expect, test } from 'vitest'
import { project } from './support/app.js'

const fixture = join(project, 'test/vite/fixtures/vitest')

describe("in a user's Vitest", () => {
  let passed: string[] = []

  beforeAll(async () => {
    const { VITEST: _, ...env } = process.env
    const vitest = join(project, 'node_modules/vitest/vitest.mjs')
    const args = [vitest, 'run', '--config', join(fixture, 'vitest.config.ts'), '--reporter=json']
    // It ends with an error where a check fails, and says so on the same output.
    const { stdout } = await promisify(execFile)(process.execPath, args, { cwd: fixture, env }).catch(
      (error) => error,
    )
    const report: Report = JSON.parse(stdout.slice(stdout.indexOf('{"num')))
    passed = report.testResults.flatMap(({ assertionResults }) =>
      assertionResults.filter(({ status }) => status === 'passed').map(({ title }) => title),
    )
  }, 60_000)

  test('a test in happy-dom runs the logic in process', () => {
    expect(passed).toContain('the logic runs in the process of the test')
  })

  test('a test in a browser runs the logic in a worker', () => {
    expect(passed).toContain('the logic runs in a worker')
  })
})

/** What is read of the JSON reporter's output. */
interface Report {
  testResults: { assertionResults: { title: string; status: string }[] }[]
}
