/** What a message port may carry besides a library's own messages. */
export interface Endpoint {
  postMessage(message: unknown): void
}

const junk: readonly unknown[] = [
  1,
  'x',
  true,
  [],
  [Number.NaN],
  {},
  { id: 1 },
  { id: 'x', type: 'x', name: 'x', value: 'x' },
  { type: 'APPLY', path: ['x'] },
  ['x', 1, 2],
  [[[]]],
  new Map([['x', 1]]),
]

/** Posts messages that are nobody's: the same to every library. */
export function postJunk(endpoint: Endpoint): void {
  for (const message of junk) endpoint.postMessage(message)
}
