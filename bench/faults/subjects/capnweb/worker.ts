import { newMessagePortRpcSession, RpcTarget, type RpcStub } from 'capnweb'
import Logic from 'virtual:logic'
import type { Snapshot } from '../../../contenders/contender.js'
import { channel, type FaultLogic, type Thrown } from '../../logic.js'

const logic = new Logic() as FaultLogic
if (logic.onStart) await logic.onStart()

export class Api extends RpcTarget {
  add(a: number, b: number) {
    return logic.add(a, b)
  }
  burst(count: number, perTask: number) {
    return logic.burst(count, perTask)
  }
  pause(ms: number) {
    return logic.pause(ms)
  }
  hang() {
    return logic.hang()
  }
  loop() {
    return logic.loop()
  }
  die() {
    logic.die()
  }
  take(value: unknown) {
    return logic.take(value)
  }
  giveUncloneable() {
    return logic.giveUncloneable()
  }
  giveDeep(levels: number) {
    return logic.giveDeep(levels)
  }
  fail(how: Thrown) {
    return logic.fail(how)
  }
  chatter() {
    logic.chatter()
  }
  hold(callback: RpcStub<(text: string) => unknown>) {
    logic.hold(callback)
  }
  callHeld() {
    return logic.callHeld()
  }
  harm() {
    return logic.harm()
  }
  watchStub(next: RpcStub<(snapshot: Snapshot) => void>) {
    const kept = next.dup()
    return logic.watchWith('count', (snapshot) => kept(snapshot))
  }

  // What is not meant to be reached, as in `FaultLogic`.
  field = logic.field
  get accessor() {
    return logic.accessor
  }
  _underscored() {
    return logic._underscored()
  }
  protected internal() {
    return 'of a protected method'
  }
}

onmessage = ({ data }: MessageEvent<MessagePort>) => {
  channel.endpoint = data
  newMessagePortRpcSession(data, new Api())
}
