import { bgThread, type Remote, type RemoteStream, type ThreadStatus } from 'bgthread'
import { state, type State } from 'bgthread/worker'
import type Loom from '../logic/loom'
import { loadLoomHere } from '../shell/load-here'
import type { ShuttleEnds } from './shuttle'

/** This tab's seat at the loom. */
export interface Seat {
  proxy: Remote<Loom>
  status: RemoteStream<ThreadStatus>
  /** This tab's number; 0 until the loom has told it. */
  me: State<number>
  /** What the pointer does goes to the loom. */
  ends: ShuttleEnds
  /** Leaves the loom; the last one to leave takes it along. */
  leave(): void
}

/** Whether tabs can meet here. Where they cannot, as in Chrome for Android, each has a loom of its own. */
export const canMeet = typeof SharedWorker === 'function'

/** Takes a seat at the loom that all tabs share. */
export function takeSeat(): Seat {
  const me = state(0)
  const thread = bgThread(() => import('../logic/loom'), {
    name: 'loom',
    shared: true,
    onHang: 'restart',
    host: { welcome: (id) => me.set(id) },
    fallback: loadLoomHere,
  })
  const { proxy, status } = thread
  // A stroke that a loom did not get because it ended is not repeated: the cloth shows what the next one has.
  const ignore = () => {}
  return {
    proxy,
    status,
    me,
    ends: {
      weave: (cells, isDyed) => void proxy.weave(me.get(), cells, isDyed).catch(ignore),
      point: (at) => void proxy.point(me.get(), at).catch(ignore),
    },
    leave: () => void thread.close().catch(() => {}),
  }
}
