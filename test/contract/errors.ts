import { registerError } from 'bgthread/worker'

export class QuotaError extends Error {
  constructor(
    readonly limit: number,
    options?: ErrorOptions,
  ) {
    super(`quota of ${limit} exceeded`, options)
    this.name = 'QuotaError'
  }
  get isQuota() {
    return true
  }
}
registerError({ QuotaError })

/** Known to nobody but the thread. */
export class PrivateError extends TypeError {
  override name = 'PrivateError'
}
