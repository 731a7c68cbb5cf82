/** What a key does in the list: go to a row, or do something with the row one is at. */
export type ListCommand = { go: number } | 'tick' | 'edit' | 'remove'

/**
 * What a key means in a list of `count` rows of which `page` can be seen, when one is at row `active` (-1: at none).
 * `undefined` for keys that are not the list's.
 */
export function commandOf(key: string, active: number, count: number, page: number): ListCommand | undefined {
  const go = (index: number) => ({ go: Math.max(0, Math.min(count - 1, index)) })
  if (count === 0) return undefined
  switch (key) {
    case 'ArrowDown':
      return go(active + 1)
    case 'ArrowUp':
      return go(active - 1)
    case 'PageDown':
      return go(active + page)
    case 'PageUp':
      return go(active - page)
    case 'Home':
      return go(0)
    case 'End':
      return go(count - 1)
  }
  if (active < 0) return undefined
  if (key === ' ') return 'tick'
  if (key === 'Enter' || key === 'F2') return 'edit'
  if (key === 'Delete') return 'remove'
  return undefined
}
