// @vitest-environment happy-dom
/** What a worker's start makes of reports on the page's Content Security Policy. */
import { expect, it } from 'vitest'
import { describeLoadError, describeRefusal, watchPolicy } from '../../src/core/load'

const report = (disposition: 'enforce' | 'report', effectiveDirective: string) =>
  document.dispatchEvent(
    Object.assign(new Event('securitypolicyviolation'), {
      disposition,
      effectiveDirective,
      blockedURI: 'blob',
      originalPolicy: "default-src 'self'; worker-src 'self'",
    }),
  )

it('what is only reported, and what concerns no worker, is no cause', () => {
  const end = new AbortController()
  const violation = watchPolicy(end.signal)
  report('report', 'worker-src')
  report('enforce', 'img-src')
  expect(violation()).toBe(undefined)
  report('enforce', 'worker-src')
  expect(describeLoadError({}, undefined, violation())).toMatch(
    /blocks its script \(blob\) by `worker-src 'self'`/,
  )
})

it('a start that is over notices none', () => {
  const end = new AbortController()
  const violation = watchPolicy(end.signal)
  end.abort()
  report('enforce', 'worker-src')
  expect(violation()).toBe(undefined)
})

it.each(["Script cannot be accessed from origin 'null'.", 'Not allowed', 'Denied. '])(
  'a sentence that follows the words of the browser is one of its own: %s',
  (message) => {
    for (const name of ['SecurityError', 'ReferenceError', 'TypeError']) {
      const words = name === 'ReferenceError' ? `SharedWorker: ${message}` : `trusted types: ${message}`
      const text = describeRefusal(Object.assign(new Error(words), { name }))
      expect(text).not.toMatch(/\.\s*\.|\. ?:|\. its/)
    }
  },
)
