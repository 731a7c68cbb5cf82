/** Comlink as its README says: an exposed object, and a callback that gets the whole rows on every change. */
import * as Comlink from 'comlink'
import { List } from '../list.js'
import type { Manner, OperationId } from '../operations.js'
import type { Row } from '../rows.js'

const list = new List()
let show: ((rows: readonly Row[]) => void) | undefined

const api = {
  load(count: number) {
    list.load(count)
    void show?.(list.rows)
  },
  apply(operation: OperationId, manner: Manner) {
    list.apply(operation, manner)
    void show?.(list.rows)
  },
  watch(next: (rows: readonly Row[]) => void) {
    show = next
    void show(list.rows)
  },
}

export type Api = typeof api

Comlink.expose(api)
