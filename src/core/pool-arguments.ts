/** The arguments of a call that is to be sent later, as they were when it was made. */
import * as Wire from './protocol.js'
import { isPrimitive } from './look.js'
import type { ThreadLine } from './protocol.js'
import { CallLines, CONNECT, drop } from './connect.js'
import { fillHoles, makeRich, type HoleKeeper } from './rich.js'
import { notCloneable } from './say.js'
import { withoutEvent, writeDown } from './ticket.js'
import { transfer } from './transfer.js'

export interface TakenArguments {
  /** Copies that nobody else can change, with the page's own functions and signals in them. */
  args: readonly unknown[]
  signals: readonly AbortSignal[]
  /** To other threads, whose proxies are among the arguments; not used where the call is not sent. */
  lines: readonly ThreadLine[]
}

/**
 * Takes arguments as they are now. What `transfer` marks moves into the copies, and moves on when they are sent.
 * Where one of the signals has aborted already, nothing moves.
 *
 * @param where the call, for the message: `pool.resize()`
 * @throws NotCloneableError
 */
export function takeArguments(args: readonly unknown[], where: string): TakenArguments {
  const meant = withoutEvent(args)
  const written = writeDown(meant)
  if (written) {
    const [text] = written.slots
    const copies =
      written.count === Wire.JSON_ARGS ? (JSON.parse(text as string) as unknown[]) : written.slots
    return { args: copies, signals: [], lines: [] }
  }
  const copier = new Copier()
  try {
    return copier.copy(meant, false)
  } catch {
    // Reactive proxies, or a function deep inside: now everything is looked at.
  }
  try {
    return copier.copy(meant, true)
  } catch (cause) {
    drop(copier.lines.all)
    throw notCloneable(meant, 'args', where, copier.moving, cause)
  }
}

class Copier implements HoleKeeper {
  /** Marks are spent by the first walk, and what they mark still moves in the second. */
  readonly moving: Transferable[] = []
  readonly lines = new CallLines()
  #callbacks: unknown[] = []
  #signals: AbortSignal[] = []

  addCallback(callback: unknown): number {
    return this.#callbacks.push(callback) - 1
  }
  addSignal(signal: AbortSignal): number {
    return this.#signals.push(signal) - 1
  }
  addLine(connect: () => ThreadLine): ThreadLine {
    return this.lines.to(connect)
  }

  copy(args: readonly unknown[], everywhere: boolean): TakenArguments {
    const callbacks = (this.#callbacks = [])
    const signals: AbortSignal[] = (this.#signals = [])
    const { moving } = this
    const rich = makeRich(args, this, everywhere)
    for (const item of rich.transfer) if (!moving.includes(item)) moving.push(item)
    if (signals.some(({ aborted }) => aborted)) {
      drop(this.lines.all)
      return { args: [], signals, lines: [] }
    }
    const lines = this.lines.all
    const [copies, holes, moved, ways] = structuredClone([rich.args, rich.holes, moving, lines] as const, {
      transfer: moving,
    })
    const ports = new Set<unknown>(ways.map(([port]) => port))
    const marked = moved.filter((item) => !ports.has(item))
    const bearer = copies.find((arg) => !isPrimitive(arg))
    if (marked.length > 0) transfer(bearer as object, marked)
    fillHoles(holes, (kind, reference) => {
      if (kind === Wire.PROXY) return { [CONNECT]: () => reference as ThreadLine }
      return (kind === Wire.SIGNAL ? signals : callbacks)[reference as number]
    })
    return { args: copies, signals, lines: ways }
  }
}
