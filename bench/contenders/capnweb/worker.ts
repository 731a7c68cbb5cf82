import { newMessagePortRpcSession, RpcTarget, type RpcStub } from 'capnweb'
import { CallbackLogic } from '../callback-logic.js'
import type { Snapshot, Todo } from '../contender.js'

const logic = new CallbackLogic()

export class Api extends RpcTarget {
  add(a: number, b: number) {
    return logic.add(a, b)
  }
  put(todo: Todo) {
    return logic.put(todo)
  }
  work(ms: number) {
    return logic.work(ms)
  }
  touch(bytes: ArrayBuffer) {
    return logic.touch(bytes)
  }
  watchStub(topic: string, next: RpcStub<(snapshot: Snapshot) => void>) {
    const kept = next.dup()
    return logic.watchWith(
      topic,
      (snapshot) => kept(snapshot),
      () => kept[Symbol.dispose](),
    )
  }
  unwatch(id: number) {
    logic.unwatch(id)
  }
  burst(count: number, perTask: number) {
    return logic.burst(count, perTask)
  }
  update(rows: number, perSecond: number, count: number) {
    return logic.update(rows, perSecond, count)
  }
  listeners() {
    return logic.listeners()
  }
}

onmessage = ({ data }: MessageEvent<MessagePort>) => void newMessagePortRpcSession(data, new Api())
