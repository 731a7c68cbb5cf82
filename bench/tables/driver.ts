/** Clicks in a page with a table, and tells when what was clicked is painted. Called from outside, as `table`. */
import { idOf, labelOf, type TableClick, type TableOperationId, tableOperations } from './operations.js'
import type { Item } from './items.js'

export interface TableDriver {
  /** Resolves when the table can be used. */
  ready: Promise<void>
  /**
   * Does an operation once, on a table made for it, and gives the time from the click until it was painted, in ms:
   * until the first task after the frame in which the rows show it. Throws where they show something else.
   *
   * @param phase when to click: the part of a frame that is over, from 0 up to 1
   */
  run(operation: TableOperationId, phase: number): Promise<number>
}

declare global {
  // oxlint-disable-next-line no-var -- the only way to declare a global
  var table: TableDriver
}

/** A frame of a screen that shows 60 a second, in ms. */
const FRAME = 1_000 / 60

/** Offers `table` to whoever measures this page. */
export function drive(ready: Promise<void> = Promise.resolve()): void {
  if (!import.meta.env.PROD)
    throw new Error('this page was built for development: NODE_ENV is not production')
  globalThis.table = {
    ready,
    async run(operation, phase) {
      const { before, click } = tableOperations[operation]
      for (const one of before) await clickAndPaint(one)
      await quiet()
      await frame()
      await passed(phase * FRAME)
      return clickAndPaint(click, operation)
    },
  }
}

const rows = document.getElementsByTagName('tr')

const shownItems = (): Item[] =>
  Array.from(rows, (_row, at) => ({ id: idOf(rows, at), label: labelOf(rows, at) }))

/** Clicks, and gives the time until it is painted. Between the marks of its name there is nothing else. */
async function clickAndPaint({ target, isShown, after }: TableClick, name?: string): Promise<number> {
  const element = document.querySelector<HTMLElement>(target)
  if (!element) throw new Error(`there is no ${target}`)
  const before = shownItems()
  if (name) performance.mark(`${name} clicked`)
  const start = performance.now()
  element.click()
  do await frame()
  while (!isShown(rows, before))
  await nextTask()
  const time = performance.now() - start
  if (name) performance.mark(`${name} painted`)

  const shown = shownItems()
  const expected = after(before, shown[0]?.id ?? 0)
  if (JSON.stringify(shown) !== JSON.stringify(expected))
    throw new Error(`after ${target} the rows are wrong`)
  return time
}

const frame = () => new Promise((resolve) => requestAnimationFrame(resolve))

/** After `ms`, without a timer, which would be late. */
async function passed(ms: number): Promise<void> {
  const end = performance.now() + ms
  while (performance.now() < end) await nextTask()
}

/** When nothing is left to do, the browser's own work included. */
const quiet = () => new Promise((resolve) => requestIdleCallback(resolve))

function nextTask(): Promise<void> {
  return new Promise((resolve) => {
    const { port1, port2 } = new MessageChannel()
    port1.onmessage = () => {
      port1.close()
      resolve()
    }
    port2.postMessage(undefined)
  })
}
