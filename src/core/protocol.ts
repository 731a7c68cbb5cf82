/**
 * The messages: tags and shapes only. docs/protocol.md tells what each one is for.
 *
 * A message is one flat array, `[token, op, op, …]`. Every op has four slots, `tag, id, a, b`; an *asking* op
 * (`Start` to `Nothing`) has its arguments behind them, as `b` says: `b >= 0`, so many raw slots; `JSON_ARGS`, one
 * JSON text; `RICH_ARGS`, an array and the list of its holes.
 */

import type { Limits } from './limits.js'

/** The number of this protocol: both sides must speak the same. */
export const VERSION = 1

// Asking: op = tag, id, target, arguments
export const START = 1
export const CALL = 2
export const SUBSCRIBE = 3
export const ITERATE = 4
export const INVOKE = 5
/** Said and taken back before it left. */
export const NOTHING = 6

// Answering: op = tag, id, form, payload
export const RETURN = 7
export const THROW = 8
/** The call's result is a stream source, held under the call's id. */
export const RETURN_STREAM = 9
export const SNAPSHOT = 10
/** What turns the last snapshot into the next: its number since the last whole one, and the patch. */
export const PATCH = 11
export const VALUE = 12
export const COMPLETE = 13
export const FAIL = 14

// Steering: op = tag, id, a, b
export const NAME = 15
export const ACKNOWLEDGE = 16
/** A patch did not fit: send the whole. */
export const WHOLE = 17
export const CREDIT = 18
export const UNSUBSCRIBE = 19
export const LET_GO = 20
export const CANCEL = 21
export const KEEP = 22
export const RELEASE = 23
export const CLOSE = 24
export const UNCAUGHT = 25
export const LOCKED = 26
/** Are you there, how much have you said, and how much have you read? 1 in the third slot: something is missing. */
export const PING = 27
/** The number of this message, counted from 1; what the question had in its third slot; how much was read. */
export const HERE = 28
/** The message of this number could not be read. */
export const LOST = 29

/** Another client speaks through the port in the third slot. */
export const CONNECT = 30
/** The conversation ends, in one of the ways below; with an error where there is one. */
export const END = 31

/** The call of this number is a subscription from now on, of the kind that the third slot tells. */
export const ADOPT = 32

/** The last tag: anything above is not ours. */
export const LAST = ADOPT

// How a conversation ends
/** By whoever says it: a client that leaves, or a thread that takes no new calls. */
export const CLOSED = 0
/** The client was taken for gone. If it is not, it may come back. */
export const DROPPED = 1
/** The client is not wanted any more. */
export const REFUSED = 2

// Why a thread is closed, if not for good
/** It starts again: what its logic saves is the answer. */
export const SAVE = 1
/** In development: it is replaced after an edit, for all clients. */
export const CARRY = 2

// How arguments travel, where they are not raw slots
export const JSON_ARGS = -1
export const RICH_ARGS = -2

// How a value travels
/** As it is: a primitive, or what structured clone makes of it. */
export const RAW = 0
/** As JSON text: small plain data that JSON keeps exactly, unchangeable since it was written. */
export const JSON_TEXT = 1
/** As an encoded error. */
export const ERROR = 2

// What stands in a hole: [container, key, kind, reference, first]
/** A function has a number for each object whose method it is; `first` is that of its first hole, where it is another. */
export const CALLBACK = 0
export const SIGNAL = 1
/** A thread's proxy; the reference is a line to that thread. */
export const PROXY = 2

/** One thing that cannot be cloned, and where in the arguments it stood. */
export type Hole = [
  container: object,
  key: unknown,
  kind: typeof CALLBACK | typeof SIGNAL | typeof PROXY,
  reference: number | ThreadLine,
  first?: number | undefined,
]

/** A port to a thread, which thread it is, and what it is called. */
export type ThreadLine = [port: MessagePort, identity: string, name: string]

/** The slots of an op that starts with `tag` and has `b` in its fourth slot. */
export function opLength(tag: number, b: unknown): number {
  if (tag > NOTHING) return 4
  return (
    4 +
    (b === JSON_ARGS
      ? 1
      : b === RICH_ARGS
        ? 2
        : Number.isInteger(b) && (b as number) >= 0
          ? (b as number)
          : NaN)
  )
}

/** The first thing a thread says: it listens from here on. */
export interface Hello {
  bgthread: typeof VERSION
  /** Held as long as it lives, where tabs share it. */
  lock?: string
  /** It does not listen: it ends, and this lock is free when it has. */
  ending?: string
}

/** What `Start` carries in its third slot. */
export interface StartInfo {
  name: string
  epoch: number
  buffer: number
  /** What the logic has saved before it was restarted. */
  state?: unknown
  /** The logic is one function, called as the action `run`: nothing is made. */
  compute?: boolean
  /** What each further client may have open at a time. */
  limits?: Partial<Limits>
  /** Where the client's services for the thread are reached. */
  host?: MessagePort
}
