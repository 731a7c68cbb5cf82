import { callSignal, registerError, state } from 'bgthread/worker'
import { FileFault } from './fault'
import { importFile, type Progress } from './import'
import { sampleText, type SampleKind } from './sample'
import { matches, narrows, termsOf } from './search'
import { sortEntries, type Sort } from './sort'
import { type Entry, type Row, Table } from './table'
import { emptyView, type Rows, type Show, type View } from './view'

registerError({ FileFault })

/**
 * The logic of the playground: a to-do list of any size that is read from a file, searched, sorted and ticked.
 * It knows nothing of threads, Svelte or Vue. It never thinks of frames either: a slice of a file or a sort takes
 * the time it takes.
 */
export default class TodoSearch {
  #table = new Table()
  #byId = new Map<number, Entry>()
  /** All rows in the order of the sort, and of these the ones that match. */
  #order: Entry[] = []
  #matched: Entry[] = []
  /** What `#matched` was looked for with. */
  #found: { terms: string[]; show: Show } = { terms: [], show: 'all' }
  #view = state<View>(emptyView)
  #windows = new Set<() => void>()
  #refreshing: Promise<void> | undefined

  /** What there is and what is shown of it. */
  watchView() {
    return this.#view
  }

  /** The rows shown from `from` up to `to`, again whenever they may have changed: only these cross to the page. */
  watchRows(from: number, to: number) {
    return {
      subscribe: (next: (rows: Rows) => void) => {
        const emit = () => next({ from, rows: this.#matched.slice(from, to).map((entry) => entry.row) })
        this.#windows.add(emit)
        emit()
        return () => {
          this.#windows.delete(emit)
        }
      },
    }
  }

  /**
   * Puts the rows of a JSON or CSV file in place of the list. Until it is read to its end, and also when it turns
   * out to be bad (`FileFault`) or the signal aborts, the list stays as it was.
   */
  async open(
    file: Blob,
    name: string,
    onProgress: (progress: Progress) => void,
    signal: AbortSignal = callSignal(),
  ): Promise<void> {
    this.#replace(await importFile(file, onProgress, signal), name)
  }

  /** Makes a file of about `bytes` bytes and opens it. */
  async make(
    bytes: number,
    kind: SampleKind,
    onProgress: (progress: Progress) => void,
    signal: AbortSignal = callSignal(),
  ): Promise<void> {
    const parts: string[] = []
    let made = 0
    for (const part of sampleText(bytes, kind)) {
      parts.push(part)
      made += part.length
      onProgress({ phase: 'making', fraction: Math.min(1, made / bytes), rows: 0 })
      await nextTask()
      signal.throwIfAborted()
    }
    const type = kind === 'json' ? 'application/json' : 'text/csv'
    this.#replace(await importFile(new Blob(parts, { type }), onProgress, signal), `sample.${kind}`)
  }

  /** Forgets the list. */
  clear(): void {
    this.#replace(new Table(), '')
  }

  /** Shows the rows that contain every word of the query. Of several queries at once only the last is looked for. */
  async search(query: string): Promise<void> {
    this.#set({ query })
    await this.#refresh()
  }

  /** Shows all rows, or only those open or done. */
  async filter(show: Show): Promise<void> {
    this.#set({ show })
    await this.#refresh()
  }

  /** Sorts by a column; without one the list goes back to the order of the file. */
  sort(sort: Sort | undefined): void {
    this.#set({ sort })
    this.#arrange()
  }

  /** Adds a row above all others, and gives it back. */
  add(title: string): Row {
    const entry = this.#table.addTitle(title)
    this.#byId.set(entry.row.id, entry)
    this.#order.unshift(entry)
    if (this.#shows(entry)) this.#matched.unshift(entry)
    this.#show({ columns: this.#table.columns(), total: this.#view.get().total + 1 })
    return entry.row
  }

  /** Ticks a row, or takes its tick away. */
  setDone(id: number, done: boolean): void {
    const { row } = this.#entry(id)
    if (row.done === done) return
    row.done = done
    this.#settle(this.#entry(id), done ? 1 : -1)
  }

  /** Gives a row another title. */
  rename(id: number, title: string): void {
    const entry = this.#entry(id)
    this.#table.setTitle(entry, title)
    this.#settle(entry, 0)
  }

  /** Takes a row out of the list. */
  remove(id: number): void {
    const entry = this.#entry(id)
    this.#byId.delete(id)
    for (const list of [this.#table.entries, this.#order, this.#matched]) {
      const at = list.indexOf(entry)
      if (at >= 0) list.splice(at, 1)
    }
    const { total, done } = this.#view.get()
    this.#show({ total: total - 1, done: done - (entry.row.done ? 1 : 0) })
  }

  #entry(id: number): Entry {
    const entry = this.#byId.get(id)
    if (!entry) throw new RangeError(`There is no row ${id}: it was removed.`)
    return entry
  }

  #replace(table: Table, name: string): void {
    this.#table = table
    this.#byId = new Map(table.entries.map((entry) => [entry.row.id, entry]))
    const done = table.entries.reduce((count, entry) => count + (entry.row.done ? 1 : 0), 0)
    this.#view.set({ ...emptyView, name, columns: table.columns(), total: table.entries.length, done })
    this.#arrange()
  }

  /** Sorts all rows, then finds those that match. */
  #arrange(): void {
    const began = performance.now()
    const { sort } = this.#view.get()
    const column = sort && this.#table.columns().find(({ index }) => index === sort.column)
    this.#order = column
      ? sortEntries(this.#table.entries, column, sort.descending)
      : [...this.#table.entries]
    this.#find(this.#order, began)
  }

  /** Finds the matching rows once what has been asked for in this moment is in. */
  #refresh(): Promise<void> {
    const last = this.#found
    this.#refreshing ??= nextTask().then(() => {
      this.#refreshing = undefined
      const { query, show } = this.#view.get()
      const within = show === last.show && narrows(last.terms, termsOf(query))
      this.#find(within && last === this.#found ? this.#matched : this.#order)
    })
    return this.#refreshing
  }

  #find(among: Entry[], began = performance.now()): void {
    const { query, show } = this.#view.get()
    this.#found = { terms: termsOf(query), show }
    this.#matched = among.filter((entry) => this.#shows(entry))
    this.#show({ took: performance.now() - began })
  }

  #shows(entry: Entry): boolean {
    const { terms, show } = this.#found
    if (show !== 'all' && entry.row.done !== (show === 'done')) return false
    return matches(entry.text, terms)
  }

  /** A row has changed: it may not belong to those shown any more. */
  #settle(entry: Entry, doneBy: number): void {
    if (!this.#shows(entry)) this.#matched = this.#matched.filter((one) => one !== entry)
    this.#show({ done: this.#view.get().done + doneBy })
  }

  #set(change: Partial<View>): void {
    this.#view.set({ ...this.#view.get(), ...change, matched: this.#matched.length })
  }

  /** The rows may be others now: tells the view's figures and every window of rows. */
  #show(change: Partial<View>): void {
    this.#set(change)
    for (const emit of this.#windows) emit()
  }
}

/** Lets everything that waits have its turn: messages too, and so a cancel. */
function nextTask(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve))
}
