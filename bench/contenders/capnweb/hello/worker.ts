import { newMessagePortRpcSession, RpcTarget, type RpcStub } from 'capnweb'
import { hello } from '../../../pages/hello/hello.js'

export class Api extends RpcTarget {
  greet(name: string) {
    return hello.greet(name)
  }
  watchCount(next: RpcStub<(count: number) => void>) {
    const kept = next.dup()
    hello.watchCount((count) => void kept(count))
  }
}

onmessage = ({ data }: MessageEvent<MessagePort>) => void newMessagePortRpcSession(data, new Api())
