/** Scales pixels down. Pure arithmetic: a Lanczos filter, first across and then down, as good pictures want it. */

/** An opaque picture, four bytes a pixel: red, green, blue, and 255. */
export interface Pixels {
  width: number
  height: number
  data: Uint8ClampedArray<ArrayBuffer>
}

/** How far the filter looks, in pixels of the result. */
const REACH = 3

/**
 * The picture at another width, its shape kept.
 *
 * @param width of the result, in pixels
 * @throws RangeError where the picture is empty or the width not positive
 */
export function scaleTo(picture: Pixels, width: number): Pixels {
  if (!(width > 0) || picture.data.length === 0) throw new RangeError('There is nothing to scale.')
  const height = Math.max(1, Math.round((picture.height * width) / picture.width))
  const across = new Float32Array(width * picture.height * 3)
  blend(picture.data, 4, across, picture.height, picture.width * 4, weightsFor(picture.width, width))
  const data = new Uint8ClampedArray(width * height * 4).fill(255)
  const down = weightsFor(picture.height, height)
  for (let y = 0; y < height; y++) {
    const { first, weights } = down[y]!
    for (let x = 0; x < width; x++) {
      let red = 0
      let green = 0
      let blue = 0
      for (let k = 0, at = (first * width + x) * 3; k < weights.length; k++, at += width * 3) {
        const weight = weights[k]!
        red += across[at]! * weight
        green += across[at + 1]! * weight
        blue += across[at + 2]! * weight
      }
      const to = (y * width + x) * 4
      data[to] = red
      data[to + 1] = green
      data[to + 2] = blue
    }
  }
  return { width, height, data }
}

/** What of the source makes one pixel of the result: so many neighbours, from the first on. */
interface Blend {
  first: number
  weights: Float32Array
}

/** The blends of a row or column of `from` pixels that becomes one of `to`. */
function weightsFor(from: number, to: number): Blend[] {
  const step = from / to
  const spread = Math.max(1, step)
  return Array.from({ length: to }, (_, at) => {
    const centre = (at + 0.5) * step
    const first = Math.max(0, Math.floor(centre - REACH * spread))
    const last = Math.min(from - 1, Math.ceil(centre + REACH * spread))
    const raw = Array.from({ length: last - first + 1 }, (_, k) =>
      lanczos((first + k + 0.5 - centre) / spread),
    )
    const sum = raw.reduce((total, weight) => total + weight, 0)
    return { first, weights: Float32Array.from(raw, (weight) => weight / sum) }
  })
}

/** Makes rows of three values a pixel from rows of `stride` values a pixel. */
function blend(
  source: Uint8ClampedArray,
  stride: number,
  result: Float32Array,
  rows: number,
  rowLength: number,
  blends: Blend[],
): void {
  let to = 0
  for (let row = 0; row < rows; row++)
    for (const { first, weights } of blends) {
      let red = 0
      let green = 0
      let blue = 0
      for (let k = 0, at = row * rowLength + first * stride; k < weights.length; k++, at += stride) {
        const weight = weights[k]!
        red += source[at]! * weight
        green += source[at + 1]! * weight
        blue += source[at + 2]! * weight
      }
      result[to++] = red
      result[to++] = green
      result[to++] = blue
    }
}

function lanczos(x: number): number {
  if (x === 0) return 1
  if (Math.abs(x) >= REACH) return 0
  const angle = Math.PI * x
  return (REACH * Math.sin(angle) * Math.sin(angle / REACH)) / (angle * angle)
}
