import type { Remote } from 'bgthread'
import type TodoSearch from '../logic/app'

/** The logic as a UI sees it. */
export type Proxy = Remote<TodoSearch>

/** What a list was read from: a file, or a sample of so many bytes. */
export type Source = { file: File } | { bytes: number }

/** What a UI is mounted with, besides the proxy. */
export interface AppProps {
  /** What to open at once. */
  first: Source | undefined
  /** Called with what was opened here, so that the other place can open it too. */
  onOpened(source: Source): void
}
