/** How edits arrive: on a page from the server, and in a worker that starts threads of its own from the pages. */
import { isWorker } from '../core/place.js'
import { EDIT, FAILED } from './events.js'
import type { Edit, Failure, HotThreads } from './threads.js'

/** A development server's connection, as `import.meta.hot` is. */
type Server = Pick<NonNullable<ImportMeta['hot']>, 'on' | 'send'>

/** Where pages pass edits on to workers, and workers failures to pages. */
const CHANNEL = 'bgthread:hot-update'

/** Listens to the server. @param load loads the page's connection to it */
export function listenToServer(threads: HotThreads, load: () => Promise<{ server?: Server }>): void {
  if (isWorker()) return listenToPages(threads)
  load().then(
    ({ server }) => {
      if (!server) return
      const fail = (failure: Failure) => server.send(FAILED, failure)
      const channel = openChannel()
      channel?.addEventListener('message', ({ data }: MessageEvent<Edit | Failure>) => {
        if ('message' in data) fail(data)
      })
      server.on('vite:beforePrune', ({ paths }) => threads.pruned(paths))
      server.on(EDIT, (edit: Edit) => {
        for (const overlay of document.querySelectorAll('vite-error-overlay')) (overlay as Overlay).close?.()
        channel?.postMessage(edit)
        void threads.edit(edit.threads).then((failures) => failures.forEach(fail))
      })
    },
    // The page goes on without hot updates.
    () => {},
  )
}

interface Overlay extends Element {
  close?(): void
}

function listenToPages(threads: HotThreads): void {
  const channel = openChannel()
  let last = 0
  channel?.addEventListener('message', ({ data }: MessageEvent<Edit | Failure>) => {
    // Each page of the app passes the same edit on.
    if (!('at' in data) || data.at <= last) return
    last = data.at
    // This worker is replaced itself.
    if (ownKeys().some((key) => key in data.threads)) return
    void threads
      .edit(data.threads)
      .then((failures) => failures.forEach((failure) => channel.postMessage(failure)))
  })
}

/** The keys of the threads that this one runs in, from the outermost to itself. */
function ownKeys(): string[] {
  const { __bgthread } = globalThis as { __bgthread?: { around?: string[] } }
  return (__bgthread?.around ?? []).map((path) => path.replace(/\?.*$/, ''))
}

/** Opaque origins have none. */
function openChannel(): BroadcastChannel | undefined {
  try {
    return new BroadcastChannel(CHANNEL)
  } catch {
    return undefined
  }
}
