import { FrameLog, STUTTER } from './frames'

/** How much time the strip shows. In milliseconds. */
const SPAN = 8_000
/** A frame of this length fills the strip's height. In milliseconds. */
const TALLEST = 1_600
/** A frame of this length has no height. In milliseconds. */
const FLATTEST = 8

/** Where the logic runs, as the meter counts it. */
export type PlaceName = 'thread' | 'page'

/** The parts of the page that the meter writes to. */
export interface MeterParts {
  strip: HTMLCanvasElement
  rate: HTMLElement
  longest: Record<PlaceName, HTMLElement>
}

/** Measures every frame of the page and draws the last eight seconds as a strip: a stutter stands out as a block. */
export class Meter {
  /** The longest frame since the start, by place. In milliseconds. */
  readonly longest: Record<PlaceName, number> = { thread: 0, page: 0 }
  #parts: MeterParts
  #frames = new FrameLog(SPAN)
  #place: PlaceName = 'thread'
  #calm = matchMedia('(prefers-reduced-motion: reduce)')
  #wrote = 0

  constructor(parts: MeterParts) {
    this.#parts = parts
    document.addEventListener('visibilitychange', () => this.#frames.pause())
    requestAnimationFrame((now) => this.#tick(now))
  }

  /** From now on frames count for this place. */
  countFor(place: PlaceName): void {
    this.#place = place
  }

  /** Forgets the longest frames. */
  reset(): void {
    this.longest.thread = this.longest.page = 0
    this.#wrote = 0
  }

  #tick(now: number): void {
    // Some browsers give a tab in the background a frame now and then: nobody sees it.
    const length = (document.hidden ? undefined : this.#frames.tick(now)) ?? 0
    this.longest[this.#place] = Math.max(this.longest[this.#place], length)
    const isDue = now - this.#wrote > (this.#calm.matches ? 1000 : 250)
    if (isDue) {
      this.#wrote = now
      this.#write()
    }
    if (isDue || !this.#calm.matches) this.#draw(now)
    requestAnimationFrame((next) => this.#tick(next))
  }

  #write(): void {
    const { rate, longest } = this.#parts
    rate.textContent = String(Math.round(this.#frames.rate()))
    for (const place of ['thread', 'page'] as const) {
      const value = this.longest[place]
      longest[place].textContent = value === 0 ? '–' : `${Math.round(value).toLocaleString('en')} ms`
      longest[place].toggleAttribute('data-stutter', value >= STUTTER)
    }
  }

  #draw(now: number): void {
    const { strip } = this.#parts
    const context = strip.getContext('2d')
    if (!context) return
    const { clientWidth: width, clientHeight: height } = strip
    const scale = devicePixelRatio
    if (strip.width !== Math.round(width * scale) || strip.height !== Math.round(height * scale)) {
      strip.width = Math.round(width * scale)
      strip.height = Math.round(height * scale)
    }
    const style = getComputedStyle(strip)
    const colour = (name: string) => style.getPropertyValue(name)
    const xOf = (time: number) => width - ((now - time) / SPAN) * width
    context.setTransform(scale, 0, 0, scale, 0, 0)
    context.clearRect(0, 0, width, height)

    context.fillStyle = colour('--line')
    for (let second = Math.ceil((now - SPAN) / 1000); second * 1000 <= now; second++) {
      context.fillRect(Math.round(xOf(second * 1000)), 0, 1, height)
    }

    context.font = `600 11px ${style.fontFamily}`
    context.textBaseline = 'bottom'
    for (const frame of this.#frames.frames) {
      const stutters = frame.length >= STUTTER
      const left = xOf(frame.at)
      const wide = (frame.length / SPAN) * width
      const high = heightOf(frame.length) * (height - 16)
      context.fillStyle = colour(stutters ? '--madder' : '--indigo')
      context.fillRect(left, height - high, stutters ? Math.max(wide - 1, 2) : wide + 0.75, high)
      if (stutters && wide > 34) context.fillText(`${Math.round(frame.length)} ms`, left, height - high - 2)
    }
  }
}

/** The height of a frame in the strip, from 0 to 1: a frame of twice the length is one step higher. */
function heightOf(length: number): number {
  return Math.min(1, Math.max(0.02, Math.log(length / FLATTEST) / Math.log(TALLEST / FLATTEST)))
}
