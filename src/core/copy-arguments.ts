/** Copies of arguments that are sent later, or again: nobody else can change them. */
import { CONNECT } from './connect.js'
import { isPrimitive } from './look.js'
import { holdsMiscloned } from './miscloned.js'
import { fillHoles, makeRich, originals } from './rich.js'
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
    /** Of each method among them its object. */
    const selves: (object | undefined)[] = []
    const signals: AbortSignal[] = []
    const keep = (it: unknown) => kept.push(it) - 1
    const keeper = {
      addCallback(callback: unknown, self: object | undefined) {
        selves[kept.length] = self
        return keep(callback)
      },
      addSignal(signal: AbortSignal) {
        signals.push(signal)
        return keep(signal)
      },
      // A port is for one call: each gets its own. Unlike a plain object, a proxy is never cloned by mistake.
      addLine: (connect: unknown) => keep(new Proxy({ [CONNECT]: connect }, {})) as never,
    }
    const rich = makeRich(args, keeper, everywhere)
    if (moving) {
      if (signals.some(({ aborted }) => aborted)) return { args: [], signals }
      for (const item of rich.moves.list) if (item && !moving.includes(item)) moving.push(item)
    }
    if (!everywhere && holdsMiscloned(rich.args)) return copy(true)
    const [copies, holes, moved] = structuredClone([rich.args, rich.holes, moving ?? []] as const, {
      transfer: moving ?? [],
    })
    if (moving) rich.moves.spend()
    if (moved.length > 0) transfer(copies.find((arg) => !isPrimitive(arg)) as object, moved)
    fillHoles(holes, (_kind, reference, container) => {
      const self = selves[reference as number]
      if (self) originals.set(container, self)
      return kept[reference as number]
    })
    return { args: copies, signals }
  }
  try {
    return copy(false)
  } catch {
    // Reactive proxies, or a function deep inside: now everything is looked at.
    return copy(true)
  }
}
