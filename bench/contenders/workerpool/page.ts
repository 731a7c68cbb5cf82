import workerpool from 'workerpool'
import type { Contender, Session, Snapshot } from '../contender.js'
import { workerUrl } from '../worker-url.js'

function start(): Session {
  const pool = workerpool.pool(workerUrl(), {
    maxWorkers: 1,
    workerType: 'web',
    workerOpts: { type: 'module' },
  })
  let listener: (snapshot: Snapshot) => void = () => {}
  // A task may emit while it runs.
  const on = (snapshot: Snapshot) => listener(snapshot)
  const run = async <T>(method: string, args: unknown[], options?: Parameters<typeof pool.exec>[2]) =>
    (await pool.exec(method, args, options)) as T
  return {
    add: (a, b) => run('add', [a, b]),
    put: (todo) => run('put', [todo]),
    work: (ms) => run('work', [ms]),
    copy: (bytes) => run('copy', [bytes]),
    move: (bytes) => run('move', [bytes], { transfer: [bytes] }),
    async watch(_topic, next) {
      listener = next
      return () => (listener = () => {})
    },
    burst: (count, perTask) => run('burst', [count, perTask], { on }),
    update: (rows, perSecond, count) => run('update', [rows, perSecond, count], { on }),
    listeners: () => run('listeners', []),
    end: () => void pool.terminate(true),
  }
}

export default {
  start,
  cannot: { subscribe: 'A worker has one task at a time: one that streams keeps it from all others.' },
} satisfies Contender
