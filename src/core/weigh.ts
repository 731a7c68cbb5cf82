/** Bytes of an object, and of what holds a value in it. */
const OBJECT = 32
const SLOT = 8

/**
 * Estimates how many bytes a received value takes.
 *
 * @param most beyond this it is only known to be more: the value is looked through no further
 */
export function weigh(value: unknown, most = Infinity): number {
  const seen = new Set<unknown>()
  const found = [value]
  let bytes = 0
  while (found.length > 0 && bytes <= most) {
    const part = found.pop()
    if (typeof part === 'string') bytes += part.length
    if (typeof part !== 'object' || part === null || seen.has(part)) continue
    seen.add(part)
    bytes += OBJECT
    if (part instanceof ArrayBuffer) bytes += part.byteLength
    else if (ArrayBuffer.isView(part)) found.push(part.buffer)
    else {
      const items =
        part instanceof Map ? [...part.keys(), ...part.values()] : part instanceof Set ? [...part] : []
      for (const list of [items, Object.values(part)])
        for (const item of list) {
          found.push(item)
          bytes += SLOT
        }
    }
  }
  return bytes
}
