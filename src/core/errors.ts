/** The errors of the library itself. Each has a `code`, names the thread and the action, and says what to do. */

/** What went wrong, for programs. */
export type ThreadErrorCode =
  | 'START_FAILED'
  | 'START_TIMEOUT'
  | 'SAVE_TIMEOUT'
  | 'DIED'
  | 'RESTARTED'
  | 'CLOSED'
  | 'HUNG'
  | 'CALL_TIMEOUT'
  | 'ACTION_NOT_FOUND'
  | 'NOT_A_STREAM'
  | 'NOT_CLONEABLE'
  | 'LIMIT'
  | 'INERT'
  | 'SHARED'
  | 'CALLBACK_RELEASED'

/** The class of all errors that come from the library and not from the logic. */
export class ThreadError extends Error {
  static {
    named(this, 'ThreadError')
  }
  /** What went wrong, for programs: `'CLOSED'`, `'NOT_CLONEABLE'`, … */
  readonly code: ThreadErrorCode
  constructor(code: ThreadErrorCode, message: string, options?: ErrorOptions) {
    super(message, options)
    this.code = code
  }
}

/** The thread could not be started. `cause` is what its module, constructor or `onStart` threw, where that is known. */
export class ThreadStartError extends ThreadError {
  static {
    named(this, 'ThreadStartError')
  }
  constructor(message: string, options?: ErrorOptions & { code?: 'START_FAILED' | 'START_TIMEOUT' }) {
    super(options?.code ?? 'START_FAILED', message, options)
  }
}

/** The thread ended before the call was answered. */
export class ThreadDiedError extends ThreadError {
  static {
    named(this, 'ThreadDiedError')
  }
  /** `'not-sent'`: the call never left, it is safe to repeat. `'unknown'`: it may have run. */
  readonly outcome: 'not-sent' | 'unknown'
  constructor(message: string, outcome: 'not-sent' | 'unknown', code: 'DIED' | 'RESTARTED' = 'DIED') {
    super(code, message)
    this.outcome = outcome
  }
}

/** The thread has not answered for long and was replaced, as the option `onHang: 'restart'` asks. */
export class ThreadHungError extends ThreadError {
  static {
    named(this, 'ThreadHungError')
  }
  /** `'not-sent'`: the call never left, it is safe to repeat. `'unknown'`: it may have run. */
  readonly outcome: 'not-sent' | 'unknown'
  constructor(message: string, outcome: 'not-sent' | 'unknown') {
    super('HUNG', message)
    this.outcome = outcome
  }
}

/** The call was not done within its `callTimeout`. It is cancelled in the thread. */
export class ThreadTimeoutError extends ThreadError {
  static {
    named(this, 'ThreadTimeoutError')
  }
  /** `'not-sent'`: the call never left, it is safe to repeat. `'unknown'`: it may have run. */
  readonly outcome: 'not-sent' | 'unknown'
  constructor(message: string, outcome: 'not-sent' | 'unknown') {
    super('CALL_TIMEOUT', message)
    this.outcome = outcome
  }
}

/** The thread was closed or terminated by the page. */
export class ThreadClosedError extends ThreadError {
  static {
    named(this, 'ThreadClosedError')
  }
  constructor(message: string) {
    super('CLOSED', message)
  }
}

/** The logic has no such public method. */
export class ActionNotFoundError extends ThreadError {
  static {
    named(this, 'ActionNotFoundError')
  }
  /** @param meant the name that it was a slip of */
  constructor(thread: string, action: string, meant?: string) {
    super(
      'ACTION_NOT_FOUND',
      `thread '${thread}' has no action '${action}'${meant ? ` (did you mean '${meant}'?)` : ''}`,
    )
  }
}

/** An argument, result, error or snapshot holds something that structured clone cannot copy. */
export class NotCloneableError extends ThreadError {
  static {
    named(this, 'NotCloneableError')
  }
  /** Where it stands: `args[0].user.element`, `result.rows[3]`, `snapshot.view`. */
  readonly path: string
  constructor(message: string, path: string, options?: ErrorOptions) {
    super('NOT_CLONEABLE', message, options)
    this.path = path
  }
}

/** A reader or client took more than it may. */
export class LimitError extends ThreadError {
  static {
    named(this, 'LimitError')
  }
  constructor(message: string) {
    super('LIMIT', message)
  }
}

/** The page closed the thread itself, or is on a server: whoever does not look need not be told. */
export function isNoNews(error: unknown): boolean {
  try {
    // By name: an adapter may come from another bundle, with a class of its own.
    const { name, code } = error as ThreadError
    return name.startsWith('Thread') && (code === 'CLOSED' || code === 'INERT')
  } catch {
    // Anything can be thrown, and not everything can be asked what it is.
    return false
  }
}

/** Builds rename classes; what users see and the wire carries must not change with them. */
function named(errorClass: { prototype: Error }, name: string): void {
  Object.defineProperty(errorClass.prototype, 'name', { value: name, configurable: true, writable: true })
}
