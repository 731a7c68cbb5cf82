/** A frame of the page: when it began, and how long it was until the next. In milliseconds. */
export interface Frame {
  at: number
  length: number
}

/** A frame longer than this is seen as a stutter. In milliseconds. */
export const STUTTER = 50

/**
 * Remembers the frames of the last seconds.
 *
 * @example
 * const frames = new FrameLog(8_000)
 * requestAnimationFrame(function next(now) { frames.tick(now); requestAnimationFrame(next) })
 */
export class FrameLog {
  readonly frames: Frame[] = []
  #span: number
  #last: number | undefined

  /** `span`: how long frames are remembered, in milliseconds. */
  constructor(span: number) {
    this.#span = span
  }

  /** A frame begins now; gives how long the last one was, if there was one. */
  tick(now: number): number | undefined {
    const last = this.#last
    this.#last = now
    if (last === undefined) return undefined
    this.frames.push({ at: last, length: now - last })
    while (this.frames[0]!.at + this.frames[0]!.length < now - this.#span) this.frames.shift()
    return now - last
  }

  /** The next frame is not measured from the last: the page was hidden. */
  pause(): void {
    this.#last = undefined
  }

  /** Frames a second over the last second. */
  rate(): number {
    if (this.#last === undefined) return 0
    const since = this.#last - 1000
    let time = 0
    let frames = 0
    for (
      let at = this.frames.length - 1;
      at >= 0 && this.frames[at]!.at + this.frames[at]!.length > since;
      at--
    ) {
      time += this.frames[at]!.length
      frames++
    }
    return time === 0 ? 0 : (frames * 1000) / time
  }
}
