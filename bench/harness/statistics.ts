/** What the rounds of a measure gave. */
export interface Summary {
  median: number
  min: number
  max: number
  /** How many rounds. */
  n: number
}

/** The middle and the spread of some numbers: at least one. */
export function summarise(values: readonly number[]): Summary {
  const sorted = [...values].sort((a, b) => a - b)
  const at = (index: number) => sorted[index] ?? Number.NaN
  const middle = sorted.length >> 1
  const median = sorted.length % 2 ? at(middle) : (at(middle - 1) + at(middle)) / 2
  return { median, min: at(0), max: at(sorted.length - 1), n: sorted.length }
}

/** A copy in random order: each order is as likely as any other. */
export function shuffled<T>(values: readonly T[], random: () => number = Math.random): T[] {
  const copy = [...values]
  for (let i = copy.length - 1; i > 0; i--) {
    const j = Math.floor(random() * (i + 1))
    const [a, b] = [copy[i] as T, copy[j] as T]
    copy[i] = b
    copy[j] = a
  }
  return copy
}
