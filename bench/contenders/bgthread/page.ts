import { bgThread, transfer } from 'bgthread'
import { callsOf } from '../calls.js'
import type { Contender, Session } from '../contender.js'

function start(): Session {
  const thread = bgThread(() => import('./logic.js'), { name: 'bench' })
  const { proxy } = thread
  return {
    ...callsOf(proxy),
    copy: (bytes) => proxy.touch(bytes),
    move: (bytes) => proxy.move(transfer(bytes, [bytes])),
    watch: async (topic, next) => proxy.watch(topic).subscribe(next),
    end: () => thread.terminate(),
  }
}

export default { start } satisfies Contender
