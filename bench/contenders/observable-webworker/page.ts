import { fromWorker } from 'observable-webworker'
import { Subject } from 'rxjs'
import type { Contender, Session, Snapshot } from '../contender.js'
import { workerUrl } from '../worker-url.js'
import type { Input, Output } from './protocol.js'

function start(): Session {
  const inputs = new Subject<Input>()
  const pending = new Map<number, (result: unknown) => void>()
  const watchers = new Map<number, (snapshot: Snapshot) => void>()
  let lastId = 0

  const outputs = fromWorker<Input, Output>(
    () => new Worker(workerUrl(), { type: 'module' }),
    inputs,
    (input) => (input.type === 'call' && input.method === 'move' ? (input.args as ArrayBuffer[]) : []),
  )
  const subscription = outputs.subscribe(({ id, result, snapshot }) => {
    if (snapshot) {
      watchers.get(id)?.(snapshot)
      return
    }
    pending.get(id)?.(result)
    pending.delete(id)
  })

  const call = <T>(method: string, args: unknown[]) =>
    new Promise<T>((resolve) => {
      const id = ++lastId
      pending.set(id, resolve as (result: unknown) => void)
      inputs.next({ type: 'call', id, method, args })
    })

  return {
    add: (a, b) => call('add', [a, b]),
    put: (todo) => call('put', [todo]),
    work: (ms) => call('work', [ms]),
    copy: (bytes) => call('copy', [bytes]),
    move: (bytes) => call('move', [bytes]),
    async watch(topic, next) {
      const id = ++lastId
      watchers.set(id, next)
      inputs.next({ type: 'watch', id, topic })
      return () => {
        watchers.delete(id)
        inputs.next({ type: 'unwatch', id })
      }
    },
    burst: (count, perTask) => call('burst', [count, perTask]),
    update: (rows, perSecond, count) => call('update', [rows, perSecond, count]),
    listeners: () => call('listeners', []),
    end: () => subscription.unsubscribe(),
  }
}

export default { start } satisfies Contender
