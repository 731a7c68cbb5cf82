import { transfer, type ThreadContext } from 'bgthread/worker'
import { type Pixels, scaleTo } from './lanczos'
import { tartan } from './tartan'

/** The size of the pictures that are made here; others are as wide at most. In pixels. */
const SAMPLE_WIDTH = 1600
const SAMPLE_HEIGHT = 1200

/** A picture that was scaled down, with the one that it was made from: what came here goes back. */
export interface Shrunk {
  picture: Pixels
  small: Pixels
  /** The thread that has done it. */
  thread: string
  /** When it began and when it was done. In milliseconds since 1970. */
  began: number
  ended: number
}

/**
 * The logic that a pool has several of. Whatever pixels a method gives are moved, not copied.
 */
export default class Pictures {
  #thread = ''

  onStart({ name }: ThreadContext) {
    this.#thread = name
  }

  /** Does nothing; whoever has an answer knows that the thread runs. */
  wake(): void {}

  /** A picture to try with. */
  make(number: number): Pixels {
    return moved(tartan(number, SAMPLE_WIDTH, SAMPLE_HEIGHT))
  }

  /**
   * The pixels of a picture file, on white; one that is very wide is made narrower.
   *
   * @throws DOMException where the file is no picture that the browser knows
   */
  async open(file: Blob): Promise<Pixels> {
    const bitmap = await createImageBitmap(file)
    const width = Math.min(bitmap.width, SAMPLE_WIDTH)
    const height = Math.max(1, Math.round((bitmap.height * width) / bitmap.width))
    const context = new OffscreenCanvas(width, height).getContext('2d')!
    context.fillStyle = 'white'
    context.fillRect(0, 0, width, height)
    context.drawImage(bitmap, 0, 0, width, height)
    bitmap.close()
    const { data } = context.getImageData(0, 0, width, height)
    return moved({ width, height, data: new Uint8ClampedArray(data.buffer as ArrayBuffer) })
  }

  /** Scales a picture down. */
  shrink(picture: Pixels, width: number): Shrunk {
    const began = now()
    const small = scaleTo(picture, width)
    const result = { picture, small, thread: this.#thread, began, ended: now() }
    return transfer(result, [picture.data.buffer, small.data.buffer])
  }
}

/** All threads and the page count from the same moment. */
const now = () => performance.timeOrigin + performance.now()

const moved = (pixels: Pixels) => transfer(pixels, [pixels.data.buffer])
