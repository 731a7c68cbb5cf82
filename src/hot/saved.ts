/** The form in which state crosses: plain data, in one structured clone, so that what is shared stays shared. */
import type { Insides } from './insides.js'
import type { Texts } from '../core/realm.js'

export const BRAND = 'bgthread:carried'

export interface Saved {
  brand: typeof BRAND
  /** The name of the logic's class. */
  name: string
  logic: Mark
  /** The code of the classes, as it was. */
  classes: Map<string, { name: string; made: string; fields: Texts }>
  scopes: Map<string, SavedScope>
  /** What is nested too deeply to stand in its place. */
  deep: unknown[]
  /** The objects in the data that stand for something. */
  marks: Mark[]
  /** What takes no properties any more. */
  closed: [object: object, how: 'frozen' | 'sealed' | 'closed'][]
  /** Plain objects without a prototype. */
  bare: object[]
}

/** Variables that were carried, and the names of all that there were. */
export interface SavedScope {
  names: string[]
  variables: Map<string, SavedVariable>
}

export interface SavedVariable {
  text: string
  /** Whether it is not what its module has made of it. */
  changed: boolean
  value: unknown
}

/** In the place of something that is no plain data. `way` is for messages. */
export type Mark = { way: string } & (
  | { kind: 'same'; place: string; sort: string }
  /** A value that stands in `deep`, because it is nested too deeply for structured clone. */
  | { kind: 'deep'; index: number }
  | { kind: 'symbol'; key: string; isKnown: boolean }
  | { kind: 'constant'; scope: string; name: string; labels: string[]; text: string | undefined }
  | ({ kind: 'instance'; place?: string; chain: string[]; base: string; code: string[] } & {
      insides: Insides
    })
  | { kind: 'cell'; place?: string; value: unknown }
  | { kind: 'regexp'; source: string; flags: string; lastIndex: number }
  | { kind: 'error'; type: string; own: Map<string, unknown> }
)

/** Says why state cannot be carried. */
export class Refusal extends Error {}
