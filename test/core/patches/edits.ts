/** Changes of a value in place: plain data, so that fast-check can shrink and print them. */
import fc from 'fast-check'
import { make, type Recipe } from '../shape'

export interface Edit {
  how: 'set' | 'delete' | 'insert' | 'remove' | 'move' | 'reverse' | 'cut' | 'share' | 'freeze'
  /** The number of the container that changes, of those made so far. */
  container: number
  place: number
  key: string
  value: Recipe
}

/** What is set is made of `recipe`. */
export function edits(recipe: fc.Arbitrary<Recipe>): fc.Arbitrary<Edit[]> {
  const edit = fc.record<Edit>({
    how: fc.constantFrom(
      'set',
      'set',
      'delete',
      'insert',
      'remove',
      'move',
      'reverse',
      'cut',
      'share',
      'freeze',
    ),
    container: fc.nat(20),
    place: fc.nat(5),
    key: fc.constantFrom('a', 'b', 'id', '0', '1', '__proto__', 'toJSON', 'constructor', 'length'),
    value: recipe,
  })
  return fc.array(edit, { minLength: 1, maxLength: 8 })
}

/** Does it, where it can be done. @param made all containers that were made so far */
export function edit(made: object[], { how, container, place, key, value }: Edit): void {
  const it = made[container % made.length]
  if (!it) return
  if (how === 'freeze') {
    if (!ArrayBuffer.isView(it)) Object.freeze(it)
    return
  }
  const filling = how === 'share' ? made[place % made.length] : make(value, made)
  try {
    change(it, how, place, key, filling)
  } catch (error) {
    // Frozen, or of a length that cannot be.
    if (!(error instanceof TypeError || error instanceof RangeError)) throw error
  }
}

function change(it: object, how: Edit['how'], place: number, key: string, value: unknown): void {
  if (Array.isArray(it)) return changeList(it, how, place, value)
  if (ArrayBuffer.isView(it)) return void ((it as Uint8Array)[place % 2] = place)
  if (it instanceof Date) return void it.setTime(place)
  if (it instanceof Map) {
    const known: unknown = [...it.keys()][place]
    if (how === 'delete' || how === 'remove') it.delete(known)
    else if (how === 'cut') it.clear()
    else it.set(how === 'set' ? known : key, value)
  } else if (it instanceof Set) {
    if (how === 'delete' || how === 'remove') it.delete([...(it as Set<unknown>)][place])
    else if (how === 'cut') it.clear()
    else it.add(value)
  } else {
    const name = how === 'set' ? (Object.keys(it)[place] ?? key) : key
    if (how === 'delete' || how === 'remove') delete (it as Record<string, unknown>)[name]
    else Object.defineProperty(it, name, { value, enumerable: true, writable: true, configurable: true })
  }
}

function changeList(list: unknown[], how: Edit['how'], place: number, value: unknown): void {
  if (how === 'insert' || how === 'share') list.splice(place, 0, value)
  else if (how === 'remove') list.splice(place, 1)
  else if (how === 'delete') delete list[place]
  else if (how === 'move') list.push(...list.splice(place, 1))
  else if (how === 'reverse') list.reverse()
  else if (how === 'cut') list.length = place
  else list[place] = value
}
