/**
 * An endpoint between tabs, which no port can reach: a `BroadcastChannel` of a random name. The name is an address and no
 * key: all scripts of the origin can learn it, and are trusted.
 */
import { isPlain } from './look.js'
import { isToken, makeToken } from './token.js'

/** A message as it crosses. */
type Packet = readonly [message: unknown, ports: readonly LedPort[]]

/** Where a port is in a message, step by step from its top, and the name of the channel that takes its place. */
type LedPort = readonly [path: readonly string[], channel: string]

/** What the sides of a channel that takes a port's place tell each other; events of the one who hears it. */
type Sign = 'begin' | 'close'

export class Channel extends EventTarget {
  readonly #channel: BroadcastChannel

  constructor(name: string) {
    super()
    this.#channel = new BroadcastChannel(name)
    const unreadable = () => this.dispatchEvent(new MessageEvent('messageerror'))
    this.#channel.onmessageerror = unreadable
    this.#channel.onmessage = ({ data }) => {
      try {
        this.#receive(data)
      } catch {
        unreadable()
      }
    }
  }

  /** @throws DOMException `DataCloneError` of what can be moved within a page only; nothing has moved then */
  postMessage(message: unknown, transfer: readonly Transferable[]): void {
    if (transfer.length === 0) return this.#channel.postMessage([message, []] satisfies Packet)
    const paths = findPorts(message, transfer)
    const moved = structuredClone(message, { transfer: [...transfer] })
    const ports = paths.map((path) => {
      const name = makeToken()
      lead(replaceAt(moved, path, null) as MessagePort, name, 'first')
      return [path, name] as const
    })
    this.#channel.postMessage([moved, ports] satisfies Packet)
  }

  sign(sign: Sign): void {
    this.#channel.postMessage(sign)
  }

  close(): void {
    this.#channel.close()
  }

  /** @throws TypeError where it is malformed: every script of the origin may send it */
  #receive(packet: unknown): void {
    if (packet === 'begin' || packet === 'close') return void this.dispatchEvent(new Event(packet))
    if (!isPacket(packet)) throw malformed()
    const [message, led] = packet
    const ports = led.map(([path, name]) => {
      const { port1, port2 } = new MessageChannel()
      replaceAt(message, path, port2)
      lead(port1, name, 'last')
      return port2
    })
    this.dispatchEvent(new MessageEvent('message', { data: message, ports }))
  }
}

/** @returns the path of each port that is moved */
function findPorts(message: unknown, transfer: readonly Transferable[]): string[][] {
  const ports = new Set<unknown>()
  for (const value of transfer)
    if (value instanceof MessagePort) ports.add(value)
    else if (!(value instanceof ArrayBuffer)) throw cannotMove(value)
  const paths: string[][] = []
  const seen = new Set<object>()
  const find = (value: unknown, path: string[]): void => {
    if (ports.size === 0 || typeof value !== 'object' || value === null || seen.has(value)) return
    seen.add(value)
    if (ports.delete(value)) paths.push(path)
    else if (Array.isArray(value) || isPlain(value))
      for (const [key, part] of Object.entries(value)) find(part, [...path, key])
  }
  find(message, [])
  for (const port of ports) throw cannotMove(port)
  return paths
}

const cannotMove = (value: unknown) =>
  new DOMException(
    `a value of the type ${Object.prototype.toString.call(value).slice('[object '.length, -1)} cannot be moved to ` +
      'another tab from where it is: buffers can, and ports in arrays and plain objects',
    'DataCloneError',
  )

const malformed = () => new TypeError('malformed packet')

/** More ports than any honest message has: each of them opens a channel. */
const MOST_PORTS = 1_000

function isPacket(packet: unknown): packet is Packet {
  if (!Array.isArray(packet) || !Array.isArray(packet[1]) || packet[1].length > MOST_PORTS) return false
  // `every` leaves gaps out.
  return Object.values<unknown>(packet[1]).length === packet[1].length && packet[1].every(isLedPort)
}

const isLedPort = (led: unknown): led is LedPort =>
  Array.isArray(led) &&
  isToken(led[1]) &&
  Array.isArray(led[0]) &&
  led[0].length > 0 &&
  Object.values<unknown>(led[0]).length === led[0].length &&
  led[0].every((step) => typeof step === 'string')

/** By own properties only: paths come from elsewhere. @returns what was there */
function replaceAt(message: unknown, path: readonly string[], value: unknown): unknown {
  const own = (parent: unknown, key: string): unknown => {
    const property = Object.getOwnPropertyDescriptor(parent, key)
    if (!property) throw malformed()
    return property.value
  }
  const parent = path.slice(0, -1).reduce(own, message) as object
  const key = path.at(-1) as string
  const former = own(parent, key)
  Object.defineProperty(parent, key, { value })
  return former
}

/** Lets a port go on at another tab. @param side the last one is heard by the first, who waits for it */
function lead(port: MessagePort, name: string, side: 'first' | 'last'): void {
  const channel = new Channel(name)
  const begin = () => {
    channel.addEventListener('message', (event) => {
      const { data, ports } = event as MessageEvent
      port.postMessage(data, [...ports])
    })
    port.addEventListener('message', ({ data, ports }) => channel.postMessage(data, ports))
    channel.addEventListener('close', end)
    // Told by browsers that know of it.
    port.addEventListener('close', () => {
      channel.sign('close')
      end()
    })
    port.start()
  }
  const end = () => {
    port.close()
    channel.close()
  }
  if (side === 'first') return channel.addEventListener('begin', begin, { once: true })
  begin()
  channel.sign('begin')
}
