/** How messages name what cannot be carried. */
import { connectorOf } from '../core/connect.js'
import { classNameOf, isStore } from './kinds.js'
import type { Registry } from './registry.js'

export function describe(value: object | symbol): string {
  if (typeof value === 'symbol') return 'a symbol'
  if (typeof value === 'function') return 'a function that was made later'
  if (connectorOf(value)) return 'the proxy of a thread'
  const tag = Object.prototype.toString.call(value).slice(8, -1)
  if (tag === 'Promise') return 'a promise'
  if (tag.endsWith('Generator') || tag.endsWith('Iterator')) return 'a running generator or iterator'
  const name = classNameOf(value)
  if (isStore(value)) return 'a store that was not made by state()'
  if (tag !== 'Object' && tag !== 'Array') return `${/^[AEIOU]/i.test(tag) ? 'an' : 'a'} ${tag}`
  return name && name !== 'Object'
    ? `an instance of ${name}, whose code is not one of your modules`
    : 'an object of an unknown class'
}

/** Says which class of a logic's chain cannot be read. */
export function explainBase(logic: object, registry: Registry): string {
  for (
    let proto = Object.getPrototypeOf(logic) as object;
    proto;
    proto = Object.getPrototypeOf(proto) as object
  )
    if (!registry.level(proto))
      return `${proto.constructor.name || 'its class'}, a class that it extends, is not in one of your modules`
  return 'its class is not known'
}
