import { Logic, methodsOf } from '../logic.js'
import type { Reply, Request } from './protocol.js'

const logic = new Logic()
const methods: Record<string, (...args: never[]) => unknown> = methodsOf(logic)
const watched = new Map<number, () => void>()

const post = (reply: Reply, transfer: Transferable[] = []) => postMessage(reply, { transfer })

async function answer(id: number, method: string, args: unknown[]) {
  try {
    const result = await methods[method]?.(...(args as never[]))
    post({ id, result }, method === 'move' ? [result as ArrayBuffer] : [])
  } catch (error) {
    post({ id, error })
  }
}

onmessage = ({ data }: MessageEvent<Request>) => {
  const { id } = data
  if (data.type === 'call') void answer(id, data.method, data.args)
  else if (data.type === 'watch') {
    watched.set(
      id,
      logic.watch(data.topic).subscribe((snapshot) => post({ id, snapshot })),
    )
  } else {
    watched.get(id)?.()
    watched.delete(id)
  }
}
