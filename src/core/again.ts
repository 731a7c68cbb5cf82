/** Arguments to call an action with once more. */
import type { RemoteCall } from './call.js'
import { copyArguments } from './copy-arguments.js'
import { NotCloneableError } from './errors.js'
import { slotsAt } from './outbox.js'
import { readArguments, withoutEvent, writeDown } from './ticket.js'

/** Copies what a call was made with, to make it again: as it was passed, since the page may have changed it. */
export function argumentsOf(call: RemoteCall, name: string): readonly unknown[] | Error | undefined {
  const { action, batch, at } = call
  const args = call.args && withoutEvent(call.args)
  const written = args ? writeDown(args) : batch && slotsAt(batch, at)
  if (written) return readArguments(written)
  try {
    return args && copyArguments(args).args
  } catch (cause) {
    return new NotCloneableError(
      `thread '${name}': ${action}() cannot be opened again, since its arguments cannot be copied: what was moved by ` +
        'transfer is gone. Where its last reader has left, call it again',
      'args',
      { cause },
    )
  }
}
