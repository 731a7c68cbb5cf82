/** Errors that are values, in arguments, results and snapshots: structured clone looks into them, too. */

/** What it takes along of an error besides its texts, on some platforms. */
const HELD = ['cause', 'errors']
/** The classes that it keeps, by their names. */
const KEPT = /^(Aggregate|Eval|Range|Reference|Syntax|Type|URI)Error$/

/** Tells errors that it looks into. A DOMException is one piece. */
export function isHolder(value: object): value is Error {
  return value instanceof Error && !(value instanceof DOMException)
}

/** The names of what an error holds. */
export const heldBy = (error: Error): string[] => HELD.filter((name) => Object.hasOwn(error, name))

/** Copies an error, but for what it holds. */
export function copyTexts(error: Error): Error {
  const { name } = error
  const made = KEPT.test(name) ? (globalThis as unknown as Record<string, ErrorConstructor>)[name] : Error
  // The first argument of an AggregateError is a list.
  const copy = Reflect.construct(made as ErrorConstructor, [[]]) as Error
  for (const text of ['name', 'message', 'stack'] as const)
    Object.defineProperty(copy, text, { value: error[text], configurable: true, writable: true })
  return copy
}
