/** The arguments of a call that is to be sent later, as they were when it was made. */
import { copyArguments, type Copies } from './copy-arguments.js'
import { notCloneable } from './say.js'
import { readArguments, withoutEvent, writeDown } from './ticket.js'

/**
 * Takes arguments as they are now. What `transfer` marks moves into the copies, and moves on when they are sent.
 * Where one of the signals has aborted already, nothing moves.
 *
 * @param where the call, for the message: `pool.resize()`
 * @throws NotCloneableError
 */
export function takeArguments(args: readonly unknown[], where: string): Copies {
  const meant = withoutEvent(args)
  const written = writeDown(meant)
  if (written) return { args: readArguments(written), signals: [] }
  const moving: Transferable[] = []
  try {
    return copyArguments(meant, moving)
  } catch (cause) {
    throw notCloneable(meant, 'args', where, moving, cause)
  }
}
