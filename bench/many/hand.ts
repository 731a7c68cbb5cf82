/** Calls by hand, between any two: one message for each call and each reply, and a map from ids to promises. */

/** A worker, the global of one, or a port. */
export interface HandPort {
  postMessage(message: unknown, options: { transfer?: Transferable[] }): void
  addEventListener(type: 'message', listener: (event: MessageEvent<Call | Reply>) => void): void
  /** Ports have it. */
  start?(): void
}

interface Call {
  id: number
  name: string
  args: unknown[]
}

type Reply = { id: number; result: unknown } | { id: number; error: unknown }

interface Pending {
  resolve(result: unknown): void
  reject(error: unknown): void
}

/** Gives what calls a function of the other side by its name. */
export function callerOf(port: HandPort) {
  const pending = new Map<number, Pending>()
  let lastId = 0
  port.addEventListener('message', ({ data }) => {
    if ('name' in data) return
    const call = pending.get(data.id)
    pending.delete(data.id)
    if ('error' in data) call?.reject(data.error)
    else call?.resolve(data.result)
  })
  port.start?.()
  return <T>(name: string, args: unknown[], transfer: Transferable[] = []) =>
    new Promise<T>((resolve, reject) => {
      const id = ++lastId
      pending.set(id, { resolve: resolve as (result: unknown) => void, reject })
      port.postMessage({ id, name, args } satisfies Call, { transfer })
    })
}

/** Lets the other side call functions by their names. */
export function answerOn(port: HandPort, functions: Record<string, (...args: never[]) => unknown>): void {
  port.addEventListener('message', async ({ data }) => {
    if (!('name' in data)) return
    const { id, name, args } = data
    const reply = (reply: Reply) => port.postMessage(reply, {})
    try {
      reply({ id, result: await functions[name]?.(...(args as never[])) })
    } catch (error) {
      reply({ id, error })
    }
  })
  port.start?.()
}
