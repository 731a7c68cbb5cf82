import type { CDPSession } from 'playwright'

/** The heaps of a page and of its threads, without garbage, in kB. */
export interface Heaps {
  page: number
  thread: number
}

/** Reads heaps. */
export interface HeapReader {
  /** Rejects where the page has no thread. */
  read(): Promise<Heaps>
  /** That of the page, before it has a thread. */
  readPage(): Promise<number>
}

interface Answer {
  id: number
  result?: { usedSize?: number }
}

/**
 * Watches a page's heap and those of the threads that it starts from now on. Threads are spoken to through the page's
 * session: a command is a text within a command.
 */
export async function watchHeaps(cdp: CDPSession): Promise<HeapReader> {
  const threads = new Set<string>()
  const waiting = new Map<number, (answer: Answer) => void>()
  let lastId = 0
  cdp.on('Target.attachedToTarget', ({ sessionId, targetInfo }) => {
    if (targetInfo.type === 'worker') threads.add(sessionId)
  })
  cdp.on('Target.detachedFromTarget', ({ sessionId }) => threads.delete(sessionId))
  cdp.on('Target.receivedMessageFromTarget', ({ message }) => {
    const answer = JSON.parse(message) as Answer
    waiting.get(answer.id)?.(answer)
    waiting.delete(answer.id)
  })
  await cdp.send('Target.setAutoAttach', { autoAttach: true, waitForDebuggerOnStart: false, flatten: false })

  const ask = (sessionId: string, method: string) =>
    new Promise<Answer>((resolve, reject) => {
      const id = ++lastId
      waiting.set(id, resolve)
      const message = JSON.stringify({ id, method })
      cdp.send('Target.sendMessageToTarget', { sessionId, message }).catch(reject)
    })

  const readThread = async (sessionId: string) => {
    // What the first one frees may hold what the second one finds.
    await ask(sessionId, 'HeapProfiler.collectGarbage')
    await ask(sessionId, 'HeapProfiler.collectGarbage')
    const { result } = await ask(sessionId, 'Runtime.getHeapUsage')
    return result?.usedSize ?? Number.NaN
  }

  const readPage = async () => {
    await cdp.send('HeapProfiler.collectGarbage')
    await cdp.send('HeapProfiler.collectGarbage')
    const { usedSize } = await cdp.send('Runtime.getHeapUsage')
    return usedSize / 1024
  }

  return {
    readPage,
    async read() {
      if (threads.size === 0) throw new Error('the page has no thread')
      const page = await readPage()
      const sizes = await Promise.all([...threads].map(readThread))
      return { page, thread: sizes.reduce((sum, size) => sum + size, 0) / 1024 }
    },
  }
}
