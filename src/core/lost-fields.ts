/** In development: names class instances that lose fields on their way to the other side. */
import { findPath } from './rich.js'

/** A getter that reads a private field: as it is written, or as TypeScript and the bundlers write it for older targets. */
const READS_PRIVATE = /\.#|private_?(field_?)?get\d*\(/i

/** Prototypes of classes that have been looked at. */
const known = new WeakSet<object>()

/**
 * Warns, once for a class, where its instances have a `$state` field, or another one that is an accessor over a private
 * field: only own properties cross.
 *
 * @param root what the value is, for the path in the message: `args`, `result`, `snapshot`
 * @returns takes the prototype of an instance in the value
 */
export function warnOfLostFields(value: unknown, root: string, where: string): (prototype: object) => void {
  return (prototype) => {
    if (known.has(prototype)) return
    known.add(prototype)
    const fields = lostFields(prototype)
    if (fields.length === 0) return
    const path = findPath(value, root, (part) => Object.getPrototypeOf(part) === prototype) ?? root
    const { name } = (prototype as { constructor: { name: string } }).constructor
    console.warn(
      `${where}: ${path} is an instance of ${name || 'a class'} and arrives without ${fields.join(', ')}: only own ` +
        `properties cross, and ${fields.length > 1 ? 'these are accessors' : 'this is an accessor'} over private ` +
        `fields, as Svelte makes them of $state. Pass plain data: an object with the values of these fields`,
    )
  }
}

/** Names of accessors that read and write a private field. */
function lostFields(prototype: object): string[] {
  const names = new Set<string>()
  for (let at = prototype; at && at !== Object.prototype; at = Object.getPrototypeOf(at) as object)
    for (const [name, { get, set }] of Object.entries(Object.getOwnPropertyDescriptors(at)))
      if (get && set && READS_PRIVATE.test(Function.prototype.toString.call(get))) names.add(`'${name}'`)
  return [...names]
}
