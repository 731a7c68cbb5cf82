/** A row of the contract's lists. */
export interface Row {
  id: number
  title: string
  tags: string[]
}
