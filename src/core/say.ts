/** How a value is said: what cannot change any more may wait in the batch, everything else leaves at once. */
import * as Wire from './protocol.js'
import { NotCloneableError } from './errors.js'
import { isPrimitive, lookAt } from './look.js'
import { findUncloneable, isCloneable, makeRich } from './rich.js'
import { encodeError, isError } from './thrown.js'
import { takeTransfersWithin } from './transfer.js'

/** Takes ops with a value: the outbox itself, or replies on their way to it. */
export interface Mouth {
  put(tag: number, id: number, a: unknown, b: unknown): void
  /** @throws where the op holds something that cannot be cloned; then nothing was sent */
  post(op: readonly unknown[], transfer: Transferable[]): void
}

/**
 * @param root what the value is, for the path in the message: `result`, `snapshot`
 * @param where who says it: `load()`
 * @param mayMove false where others are to get the same value: then nothing of it is moved
 * @throws NotCloneableError; then nothing was sent
 */
export function say(
  mouth: Mouth,
  tag: number,
  id: number,
  value: unknown,
  root: string,
  where: string,
  mayMove = true,
): void {
  if (isPrimitive(value)) return mouth.put(tag, id, Wire.RAW, value)
  const looked = lookAt(value)
  if (looked === 'plain') return mouth.put(tag, id, Wire.JSON_TEXT, JSON.stringify(value))
  const transfer: Transferable[] = []
  if (looked === 'special' && mayMove) takeTransfersWithin(value, transfer)
  try {
    mouth.post([tag, id, Wire.RAW, value], transfer)
  } catch (cause) {
    try {
      mouth.post([tag, id, Wire.RAW, toPlain(value)], transfer)
    } catch {
      throw notCloneable(value, root, where, transfer, cause)
    }
  }
}

/** Reactive proxies cannot be cloned; what is read through them can. @throws where there is more to it than that */
function toPlain(value: unknown): unknown {
  const refuse = () => {
    throw new TypeError('only arguments may hold functions and signals')
  }
  return makeRich([value], { addCallback: refuse, addSignal: refuse, addLine: refuse }, true).args[0]
}

/** Says what was thrown: an error whole, as far as it can cross; anything else as it is. */
export function sayThrown(mouth: Mouth, tag: number, id: number, thrown: unknown, where: string): void {
  try {
    if (!isError(thrown)) return say(mouth, tag, id, thrown, 'thrown', where)
  } catch (error) {
    thrown = error
  }
  // As it is; then without what cannot cross; and where it cannot even be looked at, a word about that.
  const attempts = [
    () => encodeError(thrown as Error),
    () => encodeError(thrown as Error, isCloneable),
    () => encodeError(new Error(`${where}: something was thrown that cannot be read`)),
  ]
  for (const encode of attempts) {
    try {
      return mouth.post([tag, id, Wire.ERROR, encode()], [])
    } catch {}
  }
}

export function notCloneable(
  value: unknown,
  root: string,
  where: string,
  transfer: Transferable[],
  cause: unknown,
): NotCloneableError {
  const path = shorten(findUncloneable(value, root, transfer))
  const reason = cause instanceof Error ? cause.message : String(cause)
  return new NotCloneableError(
    `${where}: ${path} cannot be cloned (${reason}). Pass plain data, or what can move with transfer(value, [it])`,
    path,
    { cause },
  )
}

/** Characters of a path that are shown, about as many from either end. */
const PATH_LENGTH = 200

function shorten(path: string): string {
  const half = PATH_LENGTH / 2
  return path.length > PATH_LENGTH ? `${path.slice(0, half)}...${path.slice(-half)}` : path
}
