/** Classes and functions are one type, and are used in two ways. */

/** A class's `prototype` cannot be replaced; a function's can. */
export function isClass(value: unknown): value is new (...args: unknown[]) => unknown {
  return (
    typeof value === 'function' && Object.getOwnPropertyDescriptor(value, 'prototype')?.writable === false
  )
}
