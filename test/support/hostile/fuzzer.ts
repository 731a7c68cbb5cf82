/**
 * Messages that nobody should send: real ones that were spoilt, ops with anything in them, patches that lead astray,
 * and what comes from elsewhere. The same seed gives the same messages for the same recording.
 */
import { Random } from '../../browser/chaos/random'
import * as Wire from '../../../src/core/protocol.js'
import { oddId, oddError, oddHoles, oddPatch, oddText, oddValue } from './odd'
import { FOREIGN, startsOf, type Recording, type Side } from './record'

export class Fuzzer {
  readonly #random: Random

  constructor(
    seed: number,
    private readonly recording: Recording,
  ) {
    this.#random = new Random(seed)
  }

  /** The next message for that side. It may be one that cannot be cloned. */
  next(to: Side): unknown {
    const random = this.#random
    const dice = random.next()
    if (dice < 0.05) return oddValue(random)
    const message: unknown[] = [this.recording.token]
    const count = random.between(1, 4)
    for (let i = 0; i < count; i++) message.push(...(dice < 0.6 ? this.#spoilt(to) : this.#made(to)))
    if (dice > 0.9) this.#spoilSlots(message)
    this.#turnAway(to, message)
    if (random.next() < 0.05)
      message[0] = random.pick([null, '', 'bgthread:', `${message[0] as string} `, [message[0]]])
    return message
  }

  /** A real op, with some of it replaced. */
  #spoilt(to: Side): unknown[] {
    const random = this.#random
    const op = structuredClone(random.pick(this.recording.ops[to]))
    const times = random.between(0, 3)
    for (let i = 0; i < times; i++) {
      const at = random.between(0, op.length - 1)
      const dice = random.next()
      if (dice < 0.5) op[at] = this.#slot(at, op)
      else if (dice < 0.6) op[at] = op[random.between(0, op.length - 1)]
      else if (dice < 0.7) op.splice(at, 1)
      else if (dice < 0.8) op.splice(at, 0, this.#slot(at, op))
      else op[at] = spoilWithin(random, op[at])
      if (op.length === 0) break
    }
    if (random.next() < 0.1) op.push(...structuredClone(op))
    return op
  }

  /** An op with the right number of slots, and anything in them. */
  #made(to: Side): unknown[] {
    const random = this.#random
    if (to === 'page' && random.next() < 0.4) return this.#bite()
    const tag = random.between(Wire.START, Wire.LAST)
    const op: unknown[] = [tag, oddId(random), this.#slot(2, []), oddValue(random)]
    if (tag > Wire.NOTHING) {
      op[2] = this.#form()
      op[3] = this.#payload()
      return op
    }
    const args = Array.from({ length: random.between(0, 3) }, () => oddValue(random))
    op[3] = random.pick([args.length, Wire.JSON_ARGS, Wire.RICH_ARGS, Wire.RICH_ARGS])
    if (op[3] === Wire.JSON_ARGS) op.push(random.next() < 0.7 ? oddText(random) : oddValue(random))
    else if (op[3] === Wire.RICH_ARGS) op.push(args, oddHoles(random, [args, op, ...args]))
    else op.push(...args)
    return op
  }

  /** For a stream that is really read: snapshots and patches that fit, nearly fit, and do not. */
  #bite(): unknown[] {
    const random = this.#random
    const id = random.pick([...this.recording.streams, FOREIGN])
    const dice = random.next()
    if (dice < 0.25) {
      const [, , form, payload] = random.pick(this.#real(Wire.SNAPSHOT))
      const snapshot = structuredClone(payload)
      return [Wire.SNAPSHOT, id, form, random.next() < 0.7 ? snapshot : spoilWithin(random, snapshot)]
    }
    if (dice < 0.28) return [random.pick([Wire.COMPLETE, Wire.FAIL]), id, this.#form(), this.#payload()]
    if (dice < 0.35) return [random.pick([Wire.SNAPSHOT, Wire.VALUE]), id, this.#form(), this.#payload()]
    const number = random.next() < 0.9 ? random.between(1, 4) : oddId(random)
    const [, , form, payload] = random.pick(this.#real(Wire.PATCH))
    const [, real] = (form === Wire.JSON_TEXT ? JSON.parse(payload as string) : structuredClone(payload)) as [
      unknown,
      unknown,
    ]
    const patch = random.next() < 0.7 ? spoilWithin(random, real) : oddPatch(random)
    return [Wire.PATCH, id, Wire.RAW, [number, patch]]
  }

  #real(tag: number): unknown[][] {
    const ops = this.recording.ops.page.filter((op) => op[0] === tag)
    if (ops.length === 0) throw new Error(`nothing with tag ${tag} was recorded`)
    return ops
  }

  #slot(at: number, op: readonly unknown[]): unknown {
    const random = this.#random
    switch (at) {
      case 0:
        return random.next() < 0.8 ? random.between(Wire.START, Wire.LAST) : oddValue(random)
      case 1:
        return oddId(random)
      case 2:
        return random.pick([oddId, () => random.between(0, 8), () => this.#form(), oddText, () => -FOREIGN])(
          random,
        )
      case 3:
        return random.pick([-1, -2, 0, 1, 2, 4_294_967_290, oddValue(random)])
      default:
        return random.next() < 0.3 ? oddHoles(random, [op, ...op]) : oddValue(random)
    }
  }

  #form(): unknown {
    const random = this.#random
    return random.pick([Wire.RAW, Wire.JSON_TEXT, Wire.ERROR, Wire.ERROR, 3, oddId(random)])
  }

  #payload(): unknown {
    return this.#random.pick([oddError, oddText, oddValue])(this.#random)
  }

  #spoilSlots(message: unknown[]): void {
    const random = this.#random
    const at = random.between(1, message.length - 1)
    switch (random.between(0, 4)) {
      case 0:
        message.length = at
        break
      case 1:
        message.length += random.pick([1, FOREIGN])
        break
      case 2:
        delete message[at]
        break
      case 3:
        message[at] = message
        break
      case 4:
        message.push([[message, at, Wire.CALLBACK, FOREIGN]])
    }
  }

  /**
   * Whoever knows the token and a number can say what is said of it: an answer that is true in form settles its call.
   * So all numbers are nobody's, but those of streams and callbacks that are there for it. And nothing says what only
   * the one who says it can know: that the logic is to end, and how many messages were sent.
   */
  #turnAway(to: Side, message: unknown[]): void {
    const { streams, callbacks } = this.recording
    for (const at of startsOf(message)) {
      const [tag, id, target] = message.slice(at, at + 3) as [number, unknown, unknown]
      if (tag === Wire.CLOSE && to === 'thread') message[at] = Wire.PING
      // Methods are counted from 0.
      if (tag === Wire.NAME && id === 0) message[at + 1] = FOREIGN
      if (tag === Wire.HERE) message[at + 1] = typeof id === 'number' && id > 0 ? -id : id
      else if (isReal(id) && !(isOfStream(tag) && streams.has(id))) message[at + 1] = FOREIGN + id
      if (tag === Wire.INVOKE && isReal(target) && !callbacks.has(target)) message[at + 2] = FOREIGN
      const isHeld = typeof target === 'number' && isReal(-target)
      if ((tag === Wire.SUBSCRIBE || tag === Wire.ITERATE) && isHeld) message[at + 2] = target - FOREIGN
    }
  }
}

/** A number that something real may have. */
const isReal = (id: unknown): id is number =>
  Number.isInteger(id) && (id as number) > 0 && (id as number) < FOREIGN

const isOfStream = (tag: number) => tag >= Wire.SNAPSHOT && tag <= Wire.FAIL

/** Puts something odd somewhere into a value, and leaves the rest as it is. */
export function spoilWithin(random: Random, value: unknown, depth = random.between(0, 5)): unknown {
  if (typeof value !== 'object' || value === null || depth === 0) {
    if (typeof value === 'number' && random.next() < 0.5) return value + random.pick([-1, 1, 0.5, 1e9])
    return oddValue(random)
  }
  const keys = Object.keys(value)
  // What is put into a typed array becomes a number first, and that of some odd things takes for ever.
  if (keys.length === 0 || ArrayBuffer.isView(value)) return oddValue(random)
  const key = random.pick(keys)
  const holder = value as Record<string, unknown>
  const dice = random.next()
  if (dice < 0.05) delete holder[key]
  // One thing in two places.
  else if (dice < 0.1) Reflect.set(value, key, holder[random.pick(keys)])
  else Reflect.set(value, key, spoilWithin(random, holder[key], depth - 1))
  return value
}
