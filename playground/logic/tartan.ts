import type { Pixels } from './lanczos'

/** Natural dyes, as red, green and blue. */
const DYES = [
  [38, 52, 128],
  [158, 42, 36],
  [214, 160, 44],
  [46, 98, 66],
  [94, 44, 104],
  [104, 70, 42],
  [240, 236, 222],
  [24, 28, 42],
  [122, 158, 176],
] as const

/** Pixels that a thread is wide. */
const YARN = 4

/**
 * Weaves a tartan: stripes of a few dyes, the same across and down, in a twill. Each number has a pattern of its own,
 * always the same.
 */
export function tartan(number: number, width: number, height: number): Pixels {
  const random = randomFrom(number + 1)
  const left = [...DYES]
  const dyes = Array.from(
    { length: 3 + Math.floor(random() * 2) },
    () => left.splice(Math.floor(random() * left.length), 1)[0]!,
  )
  const half = Array.from({ length: 5 + Math.floor(random() * 4) }, (_, at) => ({
    dye: dyes[at % dyes.length]!,
    threads: 2 + Math.floor(random() ** 2 * 26),
  }))
  // A tartan is mirrored at its ends.
  const sett = [...half, ...half.slice(1, -1).reverse()].flatMap(({ dye, threads }) =>
    Array.from({ length: threads }, () => dye),
  )
  const data = new Uint8ClampedArray(width * height * 4)
  let at = 0
  for (let y = 0; y < height; y++) {
    const weft = Math.floor(y / YARN)
    for (let x = 0; x < width; x++) {
      const warp = Math.floor(x / YARN)
      const isWarpOnTop = ((warp + weft) & 3) < 2
      const [red, green, blue] = sett[(isWarpOnTop ? warp : weft) % sett.length]!
      // A thread is round: it is darker at its edges.
      const edge = (isWarpOnTop ? x : y) % YARN
      const light = edge === 0 || edge === YARN - 1 ? 0.82 : 1.06
      data[at++] = red * light
      data[at++] = green * light
      data[at++] = blue * light
      data[at++] = 255
    }
  }
  return { width, height, data }
}

/** Numbers from 0 to 1 that look random, and are the same each time. */
function randomFrom(seed: number): () => number {
  let state = Math.imul(seed, 0x9e3779b1)
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
}
