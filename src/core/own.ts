/** Sets an own property whatever its name: neither `__proto__` nor an inherited setter is meant here. */
export function setOwn(target: object, key: string, value: unknown): void {
  if (key in target && !Object.hasOwn(target, key))
    Object.defineProperty(target, key, { value, enumerable: true, writable: true, configurable: true })
  else (target as Record<string, unknown>)[key] = value
}
