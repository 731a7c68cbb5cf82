import { bgThread, registerError } from 'bgthread'
import { FileFault } from '../logic/fault'
import { loadHere } from './load-here'
import type { PlaceName } from './meter'

registerError({ FileFault })

/** The logic in a thread: this one line is all it takes. */
const thread = bgThread(() => import('../logic/app'), { name: 'todo-search' })

let page: ReturnType<typeof startHere> | undefined

/** The same logic on this page's own thread, behind the same asynchronous, copying interface. */
function startHere() {
  return bgThread(loadHere, { name: 'on-the-page' })
}

/** The proxy of the logic in one of its two places; the one on the page starts when it is first asked for. */
export function proxyOf(place: PlaceName) {
  return place === 'thread' ? thread.proxy : (page ??= startHere()).proxy
}
