import { iterate } from './iterator.js'
import { Snapshots } from './snapshot.js'

/** A stream of this side's own: snapshots are put in by hand. */
export function localStream<U>(): Snapshots<U> {
  const stream: Snapshots<U> = new Snapshots<U>({
    linger: 0,
    open: () => () => {},
    iterate: () =>
      iterate<U>({
        open: (sink) => ({ grant() {}, close: stream.subscribe(sink) }),
      }),
  })
  // Read as long as it lives: what it has is the newest there is.
  stream.subscribe({})
  return stream
}
