/** Values that are taken in one piece: dates, typed arrays, files, errors, objects of the platform … */
import { isPrimitive, tagOf } from './look.js'

/** They hold one primitive, whatever their classes say. */
const BOXES = [Date, Number, String, Boolean, BigInt]

/** What tells whether a value of one piece has changed. */
export interface Leaf {
  /** The value itself, or the buffer that it shows. No other leaf of a snapshot may have the same. */
  owner: object
  /** Bytes that belong to it. */
  buffer?: ArrayBuffer
  marks: readonly unknown[]
  /** Values that it holds, and that may also be elsewhere. */
  held?: readonly unknown[]
  /** Only the object itself is known, not what it stands for: it may be in many places, as the same object. */
  handle?: boolean
}

/** @returns undefined for what cannot be followed */
export function leafOf(live: object): Leaf | undefined {
  const known = handles.get(Object.getPrototypeOf(live) as object)
  if (known && Object.keys(live).length === 0) return handleOf(live, known)
  if (ArrayBuffer.isView(live) || live instanceof ArrayBuffer) return leafOfBytes(live)
  if (live instanceof RegExp) return { owner: live, marks: [live.source, live.flags] }
  const box = BOXES.find((box) => live instanceof box)
  if (box)
    return { owner: live, marks: [box, (box.prototype.valueOf as (this: object) => unknown).call(live)] }
  if (live instanceof Error) {
    const { cause, errors } = live as { cause?: unknown; errors?: unknown }
    return { owner: live, marks: [live.name, live.message, live.stack], held: [cause, errors] }
  }
  const tag = tagOf(live)
  const proto = Object.getPrototypeOf(live) as object | null
  // A date or an error that has lost its class: nothing tells, and it counts as changed.
  if (!proto || !(Symbol.toStringTag in live)) return { owner: live, marks: [{}] }
  // The bytes of an ImageData are its own.
  const { data } = live as { data?: unknown }
  if (ArrayBuffer.isView(data) && tag === '[object ImageData]') {
    const { buffer, marks } = leafOfBytes(data) ?? {}
    return buffer && { owner: live, buffer, marks: [...attributesOf(live), ...(marks as unknown[])] }
  }
  // An object that calls itself something else.
  if (Object.keys(live).length > 0 && tag !== '[object FileList]') return undefined
  // Points, rectangles and matrices are all that can be read of them.
  if (/^\[object DOM(Point|Rect|Quad|Matrix)/.test(tag))
    return { owner: live, marks: [tag, ...attributesOf(live)] }
  const names = namesOf(proto).filter((name) => isPrimitive(read(live, name)))
  handles.set(proto, names)
  return handleOf(live, names)
}

/** Classes of objects that are known by their reference: of what can be read of these, all that is primitive. */
const handles = new WeakMap<object, readonly string[]>()

/** What can be read of it tells when it was closed or moved. */
function handleOf(live: object, names: readonly string[]): Leaf {
  const marks: unknown[] = [live]
  for (const name of names) marks.push(read(live, name))
  return { owner: live, marks, handle: true }
}

function leafOfBytes(live: ArrayBufferView | ArrayBuffer): Leaf | undefined {
  const owner = ArrayBuffer.isView(live) ? live.buffer : live
  const { byteOffset, byteLength } = live as ArrayBufferView
  const marks = [tagOf(live), byteOffset, byteLength]
  // Both sides have the memory itself.
  if (!(owner instanceof ArrayBuffer)) return { owner, marks: [owner, ...marks] }
  // Its views may grow with it.
  return (owner as { resizable?: boolean }).resizable ? undefined : { owner, buffer: owner, marks }
}

/** All that can be read of an object of the platform, and of its parts. */
function attributesOf(live: object, depth = 0): unknown[] {
  const proto = Object.getPrototypeOf(live) as object | null
  if (!proto || depth > 1) return []
  return namesOf(proto).flatMap((name) => {
    const part = read(live, name)
    return isPrimitive(part) ? [part] : attributesOf(part as object, depth + 1)
  })
}

function read(live: object, name: string): unknown {
  try {
    return (live as Record<string, unknown>)[name]
  } catch {
    return undefined
  }
}

/** Names of what can be read of the objects of a class. */
function namesOf(proto: object): readonly string[] {
  let found = names.get(proto)
  if (found) return found
  found = []
  for (let at: object | null = proto; at && at !== Object.prototype; at = Object.getPrototypeOf(at) as object)
    for (const [name, { get }] of Object.entries(Object.getOwnPropertyDescriptors(at)))
      if (get) found.push(name)
  names.set(proto, found)
  return found
}
const names = new WeakMap<object, string[]>()

/** Marks are the same. */
export function isSame(old: readonly unknown[], now: readonly unknown[]): boolean {
  return old.length === now.length && now.every((mark, at) => Object.is(mark, old[at]))
}

/** Compares four bytes at a time. Both begin where their buffers do. */
export function hasSameBytes(old: Uint8Array, now: Uint8Array): boolean {
  if (old.length !== now.length) return false
  const words = now.length >> 2
  const oldWords = new Uint32Array(old.buffer, 0, words)
  const nowWords = new Uint32Array(now.buffer, 0, words)
  for (let at = 0; at < words; at++) if (oldWords[at] !== nowWords[at]) return false
  for (let at = words * 4; at < now.length; at++) if (old[at] !== now[at]) return false
  return true
}
