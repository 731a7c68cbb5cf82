/** How a value is said: what cannot change any more may wait in the batch, everything else leaves at once. */
import * as Wire from './protocol.js'
import { NotCloneableError } from './errors.js'
import { isPrimitive, lookAt } from './look.js'
import { warnOfLostFields } from './lost-fields.js'
import { holdsMiscloned } from './miscloned.js'
import { DEVELOPMENT } from './report.js'
import { findUncloneable, makeRich } from './rich.js'
import { isError, postError, type EncodedError } from './thrown.js'
import { Moves } from './transfer.js'

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
 * @param whole of which the value is a part, for the path in a warning
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
  whole: unknown = value,
): void {
  if (isPrimitive(value)) return mouth.put(tag, id, Wire.RAW, value)
  const looked = lookAt(value)
  if (looked === 'plain') return mouth.put(tag, id, Wire.JSON_TEXT, JSON.stringify(value))
  const moves = new Moves()
  if (looked === 'special' && mayMove) moves.takeWithin(value)
  const post = (value: unknown) => mouth.post([tag, id, Wire.RAW, value], moves.list)
  const warn = DEVELOPMENT ? warnOfLostFields(whole, root, where) : undefined
  try {
    post(holdsMiscloned(value, warn) ? toPlain(value) : value)
  } catch (cause) {
    try {
      post(toPlain(value))
    } catch {
      throw notCloneable(value, root, where, moves.list, cause)
    }
  }
  moves.spend()
}

/** Reads through reactive proxies and refs. @throws where the value cannot be cloned for another reason */
function toPlain(value: unknown): unknown {
  const refuse = () => {
    throw new TypeError('only arguments may hold functions and signals')
  }
  return makeRich([value], { addCallback: refuse, addSignal: refuse, addLine: refuse }, true).args[0]
}

/** Says what was thrown: an error whole, as far as it can cross; anything else as it is. */
export function sayThrown(mouth: Mouth, tag: number, id: number, thrown: unknown, where: string): void {
  const post = (encoded: EncodedError) =>
    mouth.post([tag, id, Wire.ERROR, holdsMiscloned(encoded) ? toPlain(encoded) : encoded], [])
  try {
    if (!isError(thrown)) return say(mouth, tag, id, thrown, 'thrown', where)
  } catch {
    thrown = uncloneableThrown(thrown, where)
  }
  try {
    postError(thrown as Error, post)
  } catch {
    postError(new Error(`${where}: something was thrown that cannot be read`), post)
  }
}

/** An error that tells of what was thrown in its place; its cause is what can cross of that. */
function uncloneableThrown(thrown: unknown, where: string): NotCloneableError {
  const path = shorten(findUncloneable(thrown, 'thrown'))
  return new NotCloneableError(
    `${where}: ${describe(thrown)} was thrown, and ${path === 'thrown' ? 'it' : path} cannot be cloned. Throw an Error, or plain data`,
    path,
    { cause: thrown },
  )
}

/** Names a value, as far as it can be read. */
export function describe(thrown: unknown): string {
  try {
    if (typeof thrown === 'function') return `the function ${thrown.name || 'without a name'}`
    if (typeof thrown !== 'object' || thrown === null) return String(thrown)
    const { constructor, message } = thrown as { constructor?: { name?: unknown }; message?: unknown }
    const name = constructor === Object ? undefined : constructor?.name
    const what = typeof name === 'string' && name ? `an instance of ${name}` : 'an object'
    const more = typeof message === 'string' && message ? message : Object.keys(thrown).slice(0, 8).join(', ')
    return more ? `${what} (${shorten(more)})` : what
  } catch {
    return 'something that cannot be read'
  }
}

export function notCloneable(
  value: unknown,
  root: string,
  where: string,
  transfer: readonly Transferable[],
  cause: unknown,
): NotCloneableError {
  const path = shorten(findUncloneable(value, root, transfer))
  return new NotCloneableError(
    `${where}: ${path} cannot be cloned${reasonOf(cause)}. Pass plain data, or what can move with transfer(value, [it])`,
    path,
    { cause },
  )
}

/** In brackets, if there is one. A getter may throw anything. */
function reasonOf(cause: unknown): string {
  try {
    const reason = String(isError(cause) ? cause.message : cause).trim()
    return reason && ` (${reason})`
  } catch {
    return ''
  }
}

/** Characters of a path that are shown, about as many from either end. */
const PATH_LENGTH = 200

function shorten(path: string): string {
  const half = PATH_LENGTH / 2
  return path.length > PATH_LENGTH ? `${path.slice(0, half)}...${path.slice(-half)}` : path
}
