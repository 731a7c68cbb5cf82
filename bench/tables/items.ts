/** What the table of js-framework-benchmark shows. */

export interface Item {
  id: number
  label: string
}

const WORDS = [
  [
    'pretty',
    'large',
    'big',
    'small',
    'tall',
    'short',
    'long',
    'handsome',
    'plain',
    'quaint',
    'clean',
    'elegant',
  ],
  ['red', 'yellow', 'blue', 'green', 'pink', 'brown', 'purple', 'white', 'black', 'orange'],
  [
    'table',
    'chair',
    'house',
    'desk',
    'car',
    'pony',
    'cookie',
    'sandwich',
    'burger',
    'pizza',
    'mouse',
    'keyboard',
  ],
]

/** Items with the ids from `firstId` on. An id has always the same label, so that every variant renders the same. */
export function makeItems(firstId: number, count: number): Item[] {
  return Array.from({ length: count }, (_, i) => {
    const id = firstId + i
    return { id, label: WORDS.map((words, i) => words[(id * (7 + i)) % words.length]).join(' ') }
  })
}
