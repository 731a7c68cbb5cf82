/** What a picture of a value is made of. */
import { isPlain, isVueRef, tagOf } from './look.js'

export const OBJECT = 0
export const ARRAY = 1
export const MAP = 2
export const SET = 3
/** Taken in one piece: a date, a typed array, a file … */
export const LEAF = 4
/** A Vue ref: no part is made of it, but of its value. */
export const REF = 5

/** What a value was like: a primitive, or the part that stands for an object. */
export type Picture = Part | Primitive
export type Primitive = string | number | boolean | bigint | null | undefined

/** What an object was like. It never changes, but for what only helps to look at it again: `live` and `fixed`. */
export interface Part {
  readonly kind: number
  /** Parts of one number are one thing at different times. */
  readonly number: number
  /** What it was taken of last. */
  live: object
  /** Neither it nor anything in it can ever change. */
  fixed: boolean
  /** Names of properties, or keys of a map; what a leaf is known by, its bytes first. */
  readonly keys: readonly unknown[]
  /** What stands under the keys; the items of a list. */
  readonly values: readonly Picture[]
  /** There are parts among the values. */
  readonly nested: boolean
  /** Memory that it takes, in slots. */
  readonly size: number
  /** About what it takes to send. */
  readonly bytes: number
}

export const isPart = (picture: Picture): picture is Part => typeof picture === 'object' && picture !== null

export function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null
}

/** What structured clone would take it for. */
export function kindOf(live: object): number {
  if (Array.isArray(live)) return ARRAY
  if (isPlain(live)) return OBJECT
  if (live instanceof Map) return MAP
  if (live instanceof Set) return SET
  if (isVueRef(live)) return REF
  return tagOf(live) === '[object Object]' ? OBJECT : LEAF
}
