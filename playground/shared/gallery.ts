import { bgPool, type Pool, transfer } from 'bgthread'
import { state } from 'bgthread/worker'
import type { Pixels } from '../logic/lanczos'
import type Pictures from '../logic/pictures'
import { loadPicturesHere } from '../shell/load-here'

/** Where pictures are scaled down: on this page, in one thread, in many. */
export const LANES = ['page', 'one', 'many'] as const
export type Lane = (typeof LANES)[number]

/** How many pictures the button makes. */
export const SAMPLES = 24
/** The width of a picture that was scaled down, in pixels: about two for each that it is shown with. */
export const SMALL_WIDTH = 192

/** A picture's time in a thread, counted from the beginning of its run. In milliseconds. */
export interface Span {
  thread: string
  from: number
  to: number
}

/** What one lane has done with all pictures. */
export interface Run {
  /** In the order in which they were done. */
  spans: Span[]
  /** From the first call to the last result, in milliseconds; undefined until that is there. */
  took: number | undefined
}

/** What is under way. */
export type Work = { kind: 'making' | 'opening' } | { kind: 'running'; lane: Lane } | { kind: 'stopping' }

/** All that a UI shows; the pictures themselves stay with the gallery. */
export interface GalleryView {
  /** How many pictures there are. */
  count: number
  /** Those that were scaled down, in the pictures' order; what is not there yet is undefined. */
  smalls: (Pixels | undefined)[]
  work: Work | undefined
  /** How many of them are done. */
  done: number
  total: number
  runs: Partial<Record<Lane, Run>>
  /** Bytes of the pictures; each run moves them there and back. */
  bytes: number
  /** Bytes of what was copied all the same: where that is not 0, something is wrong. */
  copied: number
  note: string
  fault: { name: string; error: unknown } | undefined
}

const emptyRun: Run = { spans: [], took: undefined }

export const emptyGallery: GalleryView = {
  count: 0,
  smalls: [],
  work: undefined,
  done: 0,
  total: 0,
  runs: {},
  bytes: 0,
  copied: 0,
  note: '',
  fault: undefined,
}

/** Cores that the machine says it has. */
export const cores = navigator.hardwareConcurrency
/** Threads of the lane that has many: one core is the page's, and of very many some are enough. */
export const manyThreads = Math.max(2, Math.min(8, cores - 1))

/**
 * The pictures of the page, and what is done with them. Both UIs show one gallery.
 */
export class Gallery {
  readonly view = state<GalleryView>(emptyGallery)
  readonly #pools: Record<Lane, Pool<Pictures>> = {
    page: bgPool(loadPicturesHere, { name: 'pictures-here', size: 1 }),
    one: bgPool(() => import('../logic/pictures'), { name: 'pictures', size: 1 }),
    many: bgPool(() => import('../logic/pictures'), { name: 'pictures', size: manyThreads }),
  }
  #pictures: Pixels[] = []
  #abort = new AbortController()
  /** Pictures that are in a thread. */
  readonly #away = new Set<Promise<unknown>>()

  /** @param onRun called with the lane that begins, and with nothing when it is done */
  constructor(private readonly onRun: (lane: Lane | undefined) => void) {}

  /** Makes pictures to try with. */
  make(): Promise<void> {
    const { proxy } = this.#pools.many
    return this.#fill(
      'making',
      Array.from({ length: SAMPLES }, (_, number) => number),
      (number) => proxy.make(number),
    )
  }

  /** Opens picture files in the place of what there is. */
  open(files: File[]): Promise<void> {
    const { proxy } = this.#pools.many
    return this.#fill('opening', files, async (file) => {
      try {
        return await proxy.open(file)
      } catch (error) {
        if (!this.#abort.signal.aborted) this.#set({ fault: { name: file.name, error } })
        throw error
      }
    })
  }

  /** Scales all pictures down in one lane, and measures it. */
  async run(lane: Lane): Promise<void> {
    const { work, smalls, runs } = this.view.get()
    if (work || this.#pictures.length === 0) return
    const pool = this.#pools[lane]
    const signal = this.#begin({ kind: 'running', lane }, this.#pictures.length)
    this.#set({ smalls: this.#pictures.map(() => undefined), runs: { ...runs, [lane]: emptyRun } })
    try {
      // What it takes to start threads is not what is measured.
      await Promise.all(Array.from({ length: pool.size }, () => pool.proxy.wake()))
      this.onRun(lane)
      const began = now()
      const shrink = (at: number) => this.#track(this.#shrink(at, lane, began, signal))
      const onProgress = (done: number) => this.#set({ done })
      await pool.map([...this.#pictures.keys()], shrink, { signal, onProgress })
      this.#setRun(lane, { took: now() - began })
    } catch (error) {
      await this.#stop(error, { smalls, runs })
    } finally {
      this.onRun(undefined)
      this.#set({ work: undefined })
    }
  }

  /** Ends what is under way; of it nothing stays. */
  cancel(): void {
    this.#abort.abort()
  }

  /** Closes the note or the message. */
  dismiss(): void {
    this.#set({ note: '', fault: undefined })
  }

  /** Ends it, with its threads. */
  close(): void {
    this.cancel()
    for (const pool of Object.values(this.#pools)) pool.terminate()
    this.#pictures = []
  }

  async #fill<I>(kind: 'making' | 'opening', items: I[], load: (item: I) => Promise<Pixels>): Promise<void> {
    if (this.view.get().work || items.length === 0) return
    const signal = this.#begin({ kind }, items.length)
    try {
      const onProgress = (done: number) => this.#set({ done })
      this.#keep(await this.#pools.many.map(items, load, { signal, onProgress }))
    } catch (error) {
      await this.#stop(error, {})
    } finally {
      this.#set({ work: undefined })
    }
  }

  #keep(pictures: Pixels[]): void {
    this.#pictures = pictures
    this.#set({
      count: pictures.length,
      smalls: pictures.map(() => undefined),
      runs: {},
      copied: 0,
      bytes: pictures.reduce((sum, { data }) => sum + data.byteLength, 0),
    })
  }

  async #shrink(at: number, lane: Lane, began: number, signal: AbortSignal): Promise<void> {
    const picture = this.#pictures[at]!
    const call = this.#pools[lane].proxy.shrink(transfer(picture, [picture.data.buffer]), SMALL_WIDTH)
    // What has moved is not here any more.
    this.#set({ copied: this.view.get().copied + picture.data.byteLength })
    const shrunk = await call
    this.#pictures[at] = shrunk.picture
    if (signal.aborted) return
    const smalls = [...this.view.get().smalls]
    smalls[at] = shrunk.small
    this.#set({ smalls })
    const span = { thread: shrunk.thread, from: shrunk.began - began, to: shrunk.ended - began }
    this.#setRun(lane, { spans: [...this.view.get().runs[lane]!.spans, span] })
  }

  #begin(work: Work, total: number): AbortSignal {
    this.#abort = new AbortController()
    this.#set({ work, total, done: 0, note: '', fault: undefined })
    return this.#abort.signal
  }

  /** A thread that is in the midst of a picture cannot hear: it is waited for, and the picture comes back. */
  async #stop(error: unknown, former: Partial<GalleryView>): Promise<void> {
    const isCancelled = this.#abort.signal.aborted
    this.#abort.abort()
    this.#set({ work: { kind: 'stopping' }, ...former })
    await Promise.allSettled(this.#away)
    // Those that were in a thread which has died are lost.
    const left = this.#pictures.filter(({ data }) => data.byteLength > 0)
    if (left.length < this.#pictures.length) this.#keep(left)
    if (isCancelled) this.#set({ note: 'Cancelled. The pictures are as they were.' })
    else if (!this.view.get().fault) this.#set({ fault: { name: 'The pictures', error } })
  }

  #track<T>(promise: Promise<T>): Promise<T> {
    this.#away.add(promise)
    const back = () => void this.#away.delete(promise)
    promise.then(back, back)
    return promise
  }

  #set(change: Partial<GalleryView>): void {
    this.view.set({ ...this.view.get(), ...change })
  }

  #setRun(lane: Lane, change: Partial<Run>): void {
    const { runs } = this.view.get()
    this.#set({ runs: { ...runs, [lane]: { ...runs[lane], ...change } } })
  }
}

/** All threads and the page count from the same moment. */
const now = () => performance.timeOrigin + performance.now()
