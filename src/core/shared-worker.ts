/**
 * `bgthread/shared-worker`: what a worker needs to take the place of a shared one. Imported by the workers of shared
 * threads, it does nothing in a `SharedWorker`. In a worker that an elected tab has started it lets clients come as
 * they do there, with `connect` events.
 */
import { Channel } from './channel.js'
import { OPEN } from './elected.js'
import { ownLock } from './lock.js'
import { isWorker } from './place.js'
import { isToken, makeToken } from './token.js'

if (isWorker() && !('onconnect' in globalThis)) {
  Object.assign(globalThis, { onconnect: null, close: closeAfterAll(close.bind(globalThis)) })
  const lock = ownLock()
  // By this the tab that has started the worker notices its end; it also answers when that tab asks for a sign of life.
  const tellLock = async () => postMessage(await lock.held)
  const meet = (event: MessageEvent<string | undefined>) => {
    event.stopImmediatePropagation()
    if (event.data !== undefined) receive(event.data)
    tellLock()
  }
  addEventListener('message', meet, { capture: true })
}

/** What was said last is to arrive before the end is known, of which a lock tells by a way of its own. */
function closeAfterAll(close: () => void): () => void {
  return () => {
    const name = makeToken()
    const [one, other] = [new BroadcastChannel(name), new BroadcastChannel(name)]
    other.onmessage = close
    one.postMessage(undefined)
  }
}

/** Names of channels that are remembered. */
const MOST_KNOWN = 1_000

/** @param hall the name of the channel where clients say the names of theirs */
function receive(hall: string): void {
  const known = new Set<string>()
  const channel = new BroadcastChannel(hall)
  channel.onmessage = ({ data: name }) => {
    // All scripts of the origin can send here, and are trusted: this tells names from anything else.
    if (!isToken(name) || known.has(name)) return
    known.add(name)
    // One that asks again does so at once.
    for (const first of known) if (known.size > MOST_KNOWN) known.delete(first)
    dispatchEvent(Object.assign(new Event('connect'), { ports: [new Channel(name)] }))
  }
  channel.postMessage(OPEN)
}
