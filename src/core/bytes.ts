/** What an object or list takes beside what is in it. */
export const BRACKETS = 5

/** About how many bytes structured clone makes of a primitive: to weigh what changed against the whole. */
export function bytesOf(value: unknown): number {
  switch (typeof value) {
    case 'string':
      return 2 + value.length
    case 'number': {
      if (!Number.isInteger(value) || Math.abs(value) >= 2 ** 31) return 9
      const size = Math.abs(value)
      return size < 2 ** 6 ? 2 : size < 2 ** 13 ? 3 : size < 2 ** 20 ? 4 : 6
    }
    case 'bigint':
      return 10
    default:
      return 1
  }
}
