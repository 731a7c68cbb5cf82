/** What a module has made for good, and did not change since: another module, or a field, may refer to it. */
import type { Births } from './births.js'
import { describe } from './describe.js'
import { isHiding, isObject, type Kinds } from './kinds.js'
import type { Registry, Scope } from './registry.js'
import { Refusal } from './saved.js'
import { trace, wayTo, type Place, type Thing } from './trace.js'

/** Where something is in a module. */
export interface Anchor {
  scope: string
  name: string
  /** From the variable to the thing. */
  labels: string[]
  /** Of the variable; `undefined` for functions, classes and what is imported. */
  text: string | undefined
}

/** The variables that are not what their modules have made of them. */
export type ChangedVariables = ReadonlyMap<Scope, ReadonlySet<string>>

export class Anchors {
  readonly #found = new Map<Thing, { scope: Scope; name: string; place?: Place }>()

  /** @throws Refusal where a constant holds state that cannot be seen */
  constructor(registry: Registry, kinds: Kinds, births: Births, changed: ChangedVariables) {
    const scopes = [...registry.scopes.values()].flatMap((scopes) => (scopes.length === 1 ? scopes : []))
    const imported: [Scope, string, Thing][] = []
    for (const scope of scopes)
      for (const [name, value] of scope.values()) {
        if (!isObject(value) && typeof value !== 'symbol') continue
        if (
          typeof value === 'function' &&
          !scope.isImported(name) &&
          births.hasNewProperties(scope, name, value)
        )
          throw new Refusal(`the properties of the function ${name} in ${scope.id} have changed`)
        if (scope.textOf(name) === undefined) imported.push([scope, name, value])
        else if (!scope.isAssigned(name) && !changed.get(scope)?.has(name))
          for (const [thing, place] of trace(value, '', kinds)) {
            const variable = registry.closureOf(thing)
            if (variable !== undefined)
              throw new Refusal(
                `${scope.show(name)} holds a function that keeps state in its variable ${variable}`,
              )
            if (typeof thing === 'object' && kinds.of(thing) === 'opaque' && isHiding(thing))
              throw new Refusal(`${scope.show(name)} holds ${describe(thing)}, whose state cannot be seen`)
            if (!this.#found.has(thing)) this.#found.set(thing, { scope, name, place })
          }
      }
    for (const [scope, name, value] of imported)
      if (!this.#found.has(value) && (typeof value !== 'object' || kinds.of(value) === 'opaque'))
        this.#found.set(value, { scope, name })
  }

  of(thing: Thing): Anchor | undefined {
    const found = this.#found.get(thing)
    if (!found) return undefined
    const { scope, name, place } = found
    const labels = place ? wayTo(place).slice(1) : []
    return { scope: scope.id, name, labels, text: scope.textOf(name) }
  }
}
