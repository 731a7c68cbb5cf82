/** The arguments of a call that is to be sent later, as they were when it was made. */
import * as Wire from './protocol.js'
import { isPrimitive } from './look.js'
import { fillHoles, makeRich } from './rich.js'
import { notCloneable } from './say.js'
import { writeDown } from './ticket.js'
import { transfer } from './transfer.js'

export interface TakenArguments {
  /** Copies that nobody else can change, with the page's own functions and signals in them. */
  args: readonly unknown[]
  signals: readonly AbortSignal[]
}

/**
 * Takes arguments as they are now. What `transfer` marks moves into the copies, and moves on when they are sent.
 * Where one of the signals has aborted already, nothing moves.
 *
 * @param where the call, for the message: `pool.resize()`
 * @throws NotCloneableError
 */
export function takeArguments(args: readonly unknown[], where: string): TakenArguments {
  // `onclick={pool.proxy.refresh}`: no event can cross, so none was meant to.
  const meant = args.length === 1 && typeof Event === 'function' && args[0] instanceof Event ? [] : args
  const written = writeDown(meant)
  if (written)
    return {
      args:
        written.count === Wire.JSON_ARGS
          ? (JSON.parse(written.slots[0] as string) as unknown[])
          : written.slots,
      signals: [],
    }
  // Marks are spent by the first walk, and what they mark still moves in the second.
  const moving: Transferable[] = []
  try {
    return copy(meant, moving, false)
  } catch {
    // Reactive proxies, or a function deep inside: now everything is looked at.
  }
  try {
    return copy(meant, moving, true)
  } catch (cause) {
    throw notCloneable(meant, 'args', where, moving, cause)
  }
}

function copy(args: readonly unknown[], moving: Transferable[], everywhere: boolean): TakenArguments {
  const callbacks: unknown[] = []
  const signals: AbortSignal[] = []
  const rich = makeRich(
    args,
    {
      addCallback: (callback) => callbacks.push(callback) - 1,
      addSignal: (signal) => signals.push(signal) - 1,
    },
    everywhere,
  )
  moving.push(...rich.transfer)
  if (signals.some(({ aborted }) => aborted)) return { args: [], signals }
  const [copies, holes, moved] = structuredClone([rich.args, rich.holes, moving] as const, {
    transfer: moving,
  })
  const bearer = copies.find((arg) => !isPrimitive(arg))
  if (moved.length > 0) transfer(bearer as object, moved)
  fillHoles(holes, (kind, reference) => (kind === Wire.SIGNAL ? signals : callbacks)[reference as number])
  return { args: copies, signals }
}
