/** Copies of arguments that are sent later, or again: nobody else can change them. */
import { CONNECT } from './connect.js'
import { isPrimitive } from './look.js'
import { fillHoles, makeRich } from './rich.js'
import { transfer } from './transfer.js'

export interface Copies {
  /** With the page's own functions, signals and proxies in them. */
  args: readonly unknown[]
  signals: readonly AbortSignal[]
}

/**
 * Copies arguments as they are now.
 *
 * @param moving gathers what `transfer` marks, which moves into the copies, and moves on when they are sent. Where one of
 * the signals has aborted already, nothing moves. Without it, all is cloned
 * @throws where one of them cannot be cloned, or has been moved
 */
export function copyArguments(args: readonly unknown[], moving?: Transferable[]): Copies {
  const copy = (everywhere: boolean): Copies => {
    const kept: unknown[] = []
    const signals: AbortSignal[] = []
    const keep = (it: unknown) => kept.push(it) - 1
    const keeper = {
      addCallback: keep,
      addSignal(signal: AbortSignal) {
        signals.push(signal)
        return keep(signal)
      },
      // A port is for one call: each gets its own.
      addLine: (connect: unknown) => keep({ [CONNECT]: connect }) as never,
    }
    const rich = makeRich(args, keeper, everywhere)
    if (moving) {
      if (signals.some(({ aborted }) => aborted)) return { args: [], signals }
      // Marks are spent by the first walk, and what they mark still moves in the second.
      for (const item of rich.transfer) if (item && !moving.includes(item)) moving.push(item)
    }
    const [copies, holes, moved] = structuredClone([rich.args, rich.holes, moving ?? []] as const, {
      transfer: moving ?? [],
    })
    if (moved.length > 0) transfer(copies.find((arg) => !isPrimitive(arg)) as object, moved)
    fillHoles(holes, (_kind, reference) => kept[reference as number])
    return { args: copies, signals }
  }
  try {
    return copy(false)
  } catch {
    // Reactive proxies, or a function deep inside: now everything is looked at.
    return copy(true)
  }
}
