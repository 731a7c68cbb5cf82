import { type GalleryView, type Lane, LANES, type Run } from './gallery'

/** A lane as it is drawn: a row for each thread, with a bar for each picture. */
export interface LaneView {
  lane: Lane
  label: string
  /** Bars with their place and length, in percent of the longest run. */
  rows: { left: number; width: number }[][]
  /** How long it took, or how far it is. */
  time: string
  /** How many times as fast as one thread it was; nothing where that is not known, or it is the one thread. */
  gain: string
  isRunning: boolean
}

/** The runs as lanes over one measure of time, so that they can be compared. */
export function lanesOf({ runs, work, done, total }: GalleryView, manyThreads: number): LaneView[] {
  const ends = Object.values(runs).flatMap(({ spans, took }) => spans.map(({ to }) => to).concat(took ?? 0))
  const longest = Math.max(1, ...ends)
  return LANES.map((lane) => {
    const run = runs[lane]
    const isRunning = work?.kind === 'running' && work.lane === lane
    return {
      lane,
      label: labelOf(lane, manyThreads),
      rows: rowsOf(run, lane === 'many' ? manyThreads : 1, longest),
      time: isRunning ? `${done} of ${total}` : run?.took === undefined ? '' : timeText(run.took),
      gain: lane === 'one' ? '' : timesText(gainOf(runs, lane)),
      isRunning,
    }
  })
}

/** Where a lane's pictures are scaled down, in words. */
export function labelOf(lane: Lane, manyThreads: number): string {
  if (lane === 'page') return 'In this page'
  return lane === 'one' ? 'In 1 thread' : `In ${manyThreads} threads`
}

/** How many times as fast a lane was as one thread; undefined until both have run. */
export function gainOf(runs: GalleryView['runs'], lane: Lane): number | undefined {
  const [one, other] = [runs.one?.took, runs[lane]?.took]
  return one === undefined || other === undefined ? undefined : one / other
}

/** A gain in words: `× 3.4`. */
export function timesText(gain: number | undefined): string {
  return gain === undefined ? '' : `× ${gain.toFixed(1)}`
}

/** A time in words, in seconds. */
export function timeText(milliseconds: number): string {
  return `${(milliseconds / 1000).toFixed(2)} s`
}

/** What the gain was measured by, in words. */
export function measureText({ runs, count }: GalleryView, manyThreads: number, cores: number): string {
  const [one, many] = [runs.one?.took, runs.many?.took]
  const machine = `This machine says that it has ${cores} ${cores === 1 ? 'core' : 'cores'}.`
  if (one === undefined || many === undefined)
    return `Run them in 1 thread and in ${manyThreads}, and see what the others are worth. ${machine}`
  return (
    `${count} pictures, from the first call to the last result: ${timeText(one)} in 1 thread, ` +
    `${timeText(many)} in ${manyThreads}. ${machine}`
  )
}

/** What has moved, in words. */
export function movedText({ bytes, copied }: GalleryView): string {
  const megabytes = (n: number) => `${Math.round(n / 1e6).toLocaleString('en')} MB`
  return `${megabytes(bytes)} moved there and back, ${copied === 0 ? 'nothing' : megabytes(copied)} copied`
}

/** What is under way before there are pictures, in words. */
export function workText({ work, done, total }: GalleryView): string {
  if (work?.kind === 'stopping') return 'Stopping'
  return `${work?.kind === 'opening' ? 'Opening' : 'Making'}, ${done} of ${total}`
}

function rowsOf(run: Run | undefined, threads: number, longest: number): LaneView['rows'] {
  const names = [...new Set(run?.spans.map(({ thread }) => thread))].sort()
  const percent = (time: number) => Math.max(0, Math.min(100, (time / longest) * 100))
  return Array.from({ length: Math.max(threads, names.length) }, (_, at) =>
    (run?.spans ?? [])
      .filter(({ thread }) => thread === names[at])
      .map(({ from, to }) => ({ left: percent(from), width: percent(to) - percent(from) })),
  )
}
