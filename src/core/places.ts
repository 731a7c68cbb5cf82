/** Where things stood before: for whoever compares two lists, or two sets of keys, one of which came of the other. */

/**
 * Most lists differ in one stretch.
 *
 * @returns where that begins, in both, and where it ends in `now`; the ends behind it are as long in both
 */
export function stretch<A, B>(
  old: readonly A[],
  now: readonly B[],
  isSame: (old: A, now: B) => boolean,
): [start: number, end: number] {
  const shorter = Math.min(old.length, now.length)
  const shift = old.length - now.length
  let start = 0
  while (start < shorter && isSame(old[start] as A, now[start] as B)) start++
  let end = now.length
  while (end > start && end + shift > start && isSame(old[end + shift - 1] as A, now[end - 1] as B)) end--
  return [start, end]
}

/** @returns the place of a key, or -1; at the place where it is expected it is found at once */
export function finder(keys: readonly unknown[]): (key: unknown, expected: number) => number {
  let places: Map<unknown, number> | undefined
  return (key, expected) => {
    if (expected < keys.length && Object.is(keys[expected], key)) return expected
    places ??= new Map(keys.map((key, at) => [key, at]))
    return places.get(key) ?? -1
  }
}
