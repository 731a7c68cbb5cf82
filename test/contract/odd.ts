/** Builds rename classes. */
class HttpError {
  static readonly name = 'HttpError'
  status = 404
  retry = () => {}
}

/** @returns a value that is no error, and cannot be cloned */
export function odd(what: string): unknown {
  const { proxy, revoke } = Proxy.revocable({}, {})
  revoke()
  const { retry } = { retry() {} }
  const table: Record<string, unknown> = {
    function: retry,
    symbol: Symbol('stop'),
    instance: new HttpError(),
    object: { message: 'gone', code: 5, retry },
    promise: Promise.resolve(),
    revoked: proxy,
  }
  return table[what]
}
