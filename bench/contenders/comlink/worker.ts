import { expose, releaseProxy, transfer, type ProxyMarked, type Remote } from 'comlink'
import { CallbackLogic } from '../callback-logic.js'
import type { Snapshot } from '../contender.js'

class ComlinkLogic extends CallbackLogic {
  move(bytes: ArrayBuffer) {
    return transfer(this.touch(bytes), [bytes])
  }

  watchProxy(topic: string, next: Remote<((snapshot: Snapshot) => void) & ProxyMarked>) {
    return this.watchWith(topic, next, () => next[releaseProxy]())
  }
}

export type Api = ComlinkLogic

expose(new ComlinkLogic())
