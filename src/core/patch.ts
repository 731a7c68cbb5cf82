/**
 * What turns one snapshot into the next. How a patch is read depends on what it is applied to; what is empty at its
 * end is left out.
 */
export type Patch = ObjectPatch | ListPatch

/**
 * Of an object: new values, patches of values that stay, and what becomes of its names: those that go; or, where the
 * others have another order now, runs of its old names and of those that `set` brings.
 */
export type ObjectPatch = [
  set?: Record<string, unknown>,
  changed?: Record<string, Patch>,
  names?: readonly string[] | ArrayLike<number>,
]

/**
 * Of an array, of a set's members, or of a map's entries: where the items come from, in pairs: `from, count` takes
 * so many of the old items, `-1, count` of the added ones; the items that were added; columns of what was set in items
 * that stay; and what else has changed in them, in pairs of an item's new place and its patch. In a map it is the
 * entry's value that is patched.
 */
export type ListPatch = [
  runs: ArrayLike<number>,
  added?: readonly unknown[],
  columns?: readonly Column[],
  changed?: readonly unknown[],
]

/**
 * Properties that were set in many objects of a list: their names, the places of the objects, and the values, those
 * of the first object first.
 */
export type Column = [names: readonly string[], places: ArrayLike<number>, values: readonly unknown[]]

/** In a run: the items are new. */
export const ADDED = -1
