/** The names that may be called, looked up once: nothing else of the logic can be reached. */

import { isPlain } from './look.js'
import { PROBES } from './probes.js'

export type Action = (...args: unknown[]) => unknown

const HOOKS = new Set('onStart onStop onConnect onDisconnect saveState restoreState'.split(' '))

export function isHidden(name: string): boolean {
  return name.startsWith('_') || PROBES.has(name) || HOOKS.has(name)
}

/**
 * The public methods of a class instance (its class chain up to Object), or the own functions of a plain object.
 * Accessors are not run.
 */
export function actionsOf(logic: object): Map<string, Action> {
  const actions = new Map<string, Action>()
  const taken = new Set<string>()
  for (
    let level = isPlain(logic) ? logic : Object.getPrototypeOf(logic);
    ;
    level = Object.getPrototypeOf(level)
  ) {
    if (!level || level === Object.prototype) return actions
    for (const name of Object.getOwnPropertyNames(level)) {
      const { value } = Object.getOwnPropertyDescriptor(level, name) as PropertyDescriptor
      // A name that the subclass made an accessor or data hides the method above it.
      if (taken.has(name) || isHidden(name)) continue
      taken.add(name)
      if (typeof value === 'function') actions.set(name, value as Action)
    }
    if (isPlain(logic)) return actions
  }
}

/** The logic has a function of that name, but as a field: those are private by accident too often to be called. */
export function isFunctionField(logic: object, name: string): boolean {
  return typeof Object.getOwnPropertyDescriptor(logic, name)?.value === 'function'
}
