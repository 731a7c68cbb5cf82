/** An error of an app: a subclass with a code and a cause. */
export class QuotaError extends Error {
  readonly code = 'QUOTA'
  constructor(message: string, options?: ErrorOptions) {
    super(message, options)
    // A build shortens the names of classes.
    this.name = 'QuotaError'
  }
}
