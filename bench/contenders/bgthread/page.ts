import { bgThread, transfer } from 'bgthread'
import type { Contender, Session } from '../contender.js'

function start(): Session {
  const thread = bgThread(() => import('./logic.js'), { name: 'bench' })
  const { proxy } = thread
  return {
    add: (a, b) => proxy.add(a, b),
    put: (todo) => proxy.put(todo),
    work: (ms) => proxy.work(ms),
    copy: (bytes) => proxy.touch(bytes),
    move: (bytes) => proxy.move(transfer(bytes, [bytes])),
    watch: async (topic, next) => proxy.watch(topic).subscribe(next),
    burst: (count, perTask) => proxy.burst(count, perTask),
    update: (rows, perSecond, count) => proxy.update(rows, perSecond, count),
    listeners: () => proxy.listeners(),
    end: () => thread.terminate(),
  }
}

export default { start } satisfies Contender
