/** Bytes of an object, and of what holds a value in it. */
const OBJECT = 32
const SLOT = 8

/**
 * Estimates how many bytes a received value takes.
 *
 * @param most beyond this it is only known to be more: the value is looked through no further
 */
export function weigh(value: unknown, most = Infinity): number {
  const seen = new Set<object>()
  const found: object[] = []
  let bytes = 0
  const add = (part: unknown) => {
    bytes += SLOT
    if (typeof part === 'string') bytes += part.length
    else if (typeof part === 'object' && part !== null) found.push(part)
  }
  add(value)
  while (found.length > 0 && bytes <= most) {
    const part = found.pop() as object
    if (seen.has(part)) continue
    seen.add(part)
    bytes += OBJECT
    if (part instanceof ArrayBuffer) bytes += part.byteLength
    else if (ArrayBuffer.isView(part)) found.push(part.buffer)
    else {
      if (part instanceof Map) for (const key of part.keys()) add(key)
      if (part instanceof Map || part instanceof Set) for (const item of part.values()) add(item)
      for (const item of Object.values(part as Record<string, unknown>)) add(item)
    }
  }
  return bytes
}
