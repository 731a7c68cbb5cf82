/** A client of a thread that sends what it likes: its side of a connection, without the library. */
import * as Wire from '../../../src/core/protocol.js'

export const TOKEN = 'bgthread:hostile'

/** What an honest client sends first. */
export const START_INFO = { name: 'hostile', epoch: 1, buffer: 8 }

/** The next message that passes a test. */
export function nextMessage(
  port: MessagePort,
  isIt: (data: unknown) => boolean = () => true,
): Promise<unknown> {
  return new Promise((resolve) => {
    const listen = ({ data }: MessageEvent<unknown>) => {
      if (!isIt(data)) return
      port.removeEventListener('message', listen)
      resolve(data)
    }
    port.addEventListener('message', listen)
    port.start()
  })
}

/** @param port that `connect()` gave @returns a line into the thread that has sent hello */
export async function askForLine(port: MessagePort): Promise<MessagePort> {
  port.postMessage({ after: 0, lock: undefined })
  // The lock of the page may be announced first.
  const hasLine = (data: unknown) => (data as { line?: unknown } | undefined)?.line !== undefined
  const { line } = (await nextMessage(port, hasLine)) as { line: MessagePort }
  await nextMessage(line)
  return line
}

/** Starts the conversation, and waits until calls are taken. */
export async function startLine(line: MessagePort): Promise<void> {
  line.postMessage([TOKEN, Wire.START, 1, START_INFO, 0])
  await nextMessage(line, (data) => Array.isArray(data) && data.includes(Wire.RETURN))
}
