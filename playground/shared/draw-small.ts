import type { Pixels } from '../logic/lanczos'

/** Puts pixels onto a canvas of their size. */
export function drawSmall(canvas: HTMLCanvasElement, { data, width, height }: Pixels): void {
  canvas.width = width
  canvas.height = height
  canvas.getContext('2d')?.putImageData(new ImageData(data, width, height), 0, 0)
}
