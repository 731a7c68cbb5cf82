/**
 * What turns one snapshot into the next. How a patch is read depends on what it is applied to; what is empty at its
 * end is left out.
 */
export type Patch = ObjectPatch | ListPatch

/** Of an object: new values, patches of values that stay, and the names that go, in this order of slots. */
export type ObjectPatch = [
  set?: Record<string, unknown>,
  changed?: Record<string, Patch>,
  removed?: readonly string[],
]

/**
 * Of an array, of a set's members, or of a map's entries: where the items come from, in pairs: `from, count` takes
 * so many of the old items, `-1, count` of the added ones; the items that were added; and in pairs of an item's new
 * place and its patch, what has changed in items that stay. In a map it is the entry's value that is patched.
 */
export type ListPatch = [runs: ArrayLike<number>, added?: readonly unknown[], changed?: readonly unknown[]]

/** In a run: the items are new. */
export const ADDED = -1
