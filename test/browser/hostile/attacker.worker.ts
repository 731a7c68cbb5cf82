/** A client that sends one op as fast as it can. */
import { makeMessage, PREPARATIONS } from '../../support/hostile/attacks'

export interface Order {
  line: MessagePort
  attack: string
  /** Ops in each message. */
  each: number
  milliseconds: number
}

onmessage = ({ data }: MessageEvent<Order>) => {
  const { line, attack, each, milliseconds } = data
  postMessage('begun')
  for (const message of PREPARATIONS) line.postMessage(message)
  const end = performance.now() + milliseconds
  while (performance.now() < end) {
    const [message, transfer] = makeMessage(attack, each)
    line.postMessage(message, transfer)
  }
  postMessage('done')
}
