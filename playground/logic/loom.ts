import { state, type ThreadClient, type ThreadContext } from 'bgthread/worker'
import { type Cloth, COLUMNS, DYES, emptyCloth, placeOf, ROWS, type Tab, UNDYED } from './cloth'

/** What the loom wants of each tab. */
export interface TabHost {
  /** Called as soon as the tab is at the loom, with its number. */
  welcome(id: number): void
}

/** How many of those that have left are remembered. */
const REMEMBERED = 4

/**
 * The logic that several tabs share: one cloth, and who is at it. It knows nothing of shared workers; that a tab has
 * come or is gone, closed or crashed, it is told.
 */
export default class Loom {
  #cloth = state<Cloth>(emptyCloth)
  #context!: ThreadContext<TabHost>

  onStart(context: ThreadContext<TabHost>) {
    this.#context = context
  }

  onConnect({ id, host }: ThreadClient<TabHost>) {
    const tab: Tab = { id, dye: this.#freeDye(), came: Date.now(), picks: 0 }
    this.#seat((tabs) => [...tabs.filter(isHere), tab, ...tabs.filter(hasLeft)])
    // Not waited for: a tab that is slow to answer is at the loom nevertheless.
    host?.welcome(id).catch(() => {})
  }

  onDisconnect({ id }: ThreadClient) {
    this.#seat((tabs) => {
      const gone = tabs.find((tab) => tab.id === id)
      const others = tabs.filter((tab) => tab !== gone)
      const left = gone ? [{ ...gone, left: Date.now(), at: undefined }] : []
      return [...others.filter(isHere), ...left, ...others.filter(hasLeft).slice(0, REMEMBERED - 1)]
    })
  }

  /** The cloth and who is at it. */
  watchCloth() {
    return this.#cloth
  }

  /** A tab dyes cells with its dye, or takes the dye out. */
  weave(id: number, cells: number[], isDyed: boolean): void {
    const tab = this.#tab(id)
    const rows = [...this.#cloth.get().rows]
    const fresh = new Set<number>()
    let picks = 0
    for (const cell of cells) {
      if (!isCell(cell)) throw new RangeError(`The cloth has no cell ${cell}.`)
      const [row, column] = placeOf(cell)
      const dye = isDyed ? tab.dye : UNDYED
      if (rows[row]![column] === dye) continue
      if (!fresh.has(row)) rows[row] = [...rows[row]!]
      fresh.add(row)
      rows[row]![column] = dye
      picks++
    }
    const tabs = this.#with({ ...tab, picks: tab.picks + picks, at: cells.at(-1) ?? tab.at })
    this.#cloth.set({ ...this.#cloth.get(), rows, tabs })
  }

  /** A tab's pointer is over a cell, or over none. */
  point(id: number, at: number | undefined): void {
    this.#cloth.set({ ...this.#cloth.get(), tabs: this.#with({ ...this.#tab(id), at }) })
  }

  /** Takes all dye out of the cloth. */
  unpick(): void {
    this.#cloth.set({ ...this.#cloth.get(), rows: emptyCloth.rows })
  }

  #tab(id: number): Tab {
    const tab = this.#cloth.get().tabs.find((one) => one.id === id)
    if (!tab) throw new RangeError(`There is no tab ${id} at the loom.`)
    return tab
  }

  #with(tab: Tab): Tab[] {
    return this.#cloth.get().tabs.map((one) => (one.id === tab.id ? tab : one))
  }

  #seat(change: (tabs: Tab[]) => Tab[]): void {
    const cloth = this.#cloth.get()
    this.#cloth.set({ ...cloth, tabs: change(cloth.tabs), clients: this.#context.stats().clients })
  }

  /** The first dye that the fewest have who are here. */
  #freeDye(): number {
    const users = DYES.map((_, at) =>
      this.#cloth.get().tabs.filter((tab) => isHere(tab) && tab.dye === at + 1),
    )
    const fewest = Math.min(...users.map(({ length }) => length))
    return users.findIndex(({ length }) => length === fewest) + 1
  }
}

const isHere = ({ left }: Tab) => left === undefined
const hasLeft = ({ left }: Tab) => left !== undefined
const isCell = (cell: number) => Number.isInteger(cell) && cell >= 0 && cell < ROWS * COLUMNS
