import type { ThreadStatus } from 'bgthread'
import { nameOf, placeOf, type Tab } from '../logic/cloth'

/** What the loom's thread is doing, in words. */
export function statusText(status: ThreadStatus | undefined): string {
  return `Shared worker: ${status?.state ?? 'starting'}`
}

/** How many tabs there are, after the number. */
export function tabsText(clients: number): string {
  return `${clients === 1 ? 'tab' : 'tabs'}, one thread`
}

/** What is known of a tab besides its name, in words. */
export function tabText({ picks, came, left }: Tab): string {
  const woven = picks === 1 ? '1 pick' : `${picks.toLocaleString('en')} picks`
  return left === undefined
    ? `${woven}, here since ${clock(came)}`
    : `left at ${clock(left)}, ${woven} ${picks === 1 ? 'stays' : 'stay'}`
}

/** What a cell is called. */
export function cellText(cell: number, dye: number): string {
  const [row, column] = placeOf(cell)
  return `Row ${row + 1}, column ${column + 1}: ${dye === 0 ? 'undyed' : nameOf({ dye }).toLowerCase()}`
}

const clocks = new Intl.DateTimeFormat('en-GB', { timeStyle: 'medium' })
const clock = (time: number) => clocks.format(time)
