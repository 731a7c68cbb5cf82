/**
 * What the thread's modules and the logic's constructor have made, before any call. The code of the next edition makes
 * the same again, so it is found there by its place, wherever it is by then.
 */
import { isClass } from '../core/class.js'
import { isHiding, type Kinds } from './kinds.js'
import type { Registry, Scope } from './registry.js'
import { fingerprint, trace, wayTo, type Thing } from './trace.js'

export class Births {
  readonly #kinds: Kinds
  readonly #registry: Registry
  readonly #placeOf = new Map<Thing, string>()
  readonly #at = new Map<string, Thing>()
  readonly #first = new Map<Scope, Map<string, number>>()
  readonly #numbers = new Map<Thing, number>()
  /** The logic whose constructor has run. */
  logic: object | undefined

  constructor(registry: Registry, kinds: Kinds) {
    this.#registry = registry
    this.#kinds = kinds
  }

  /** Takes note of all there is. It must not keep a logic from starting. */
  note(logic: object): void {
    this.logic = logic
    const seen = new Set<Thing>()
    const attempt = (note: () => void) => {
      try {
        note()
      } catch {
        // What is not noted counts as made later, and what cannot be read is reported when it is to be carried.
      }
    }
    for (const scopes of this.#registry.scopes.values())
      for (const scope of scopes) attempt(() => this.#noteScope(scope, scopes.length === 1, seen))
    attempt(() => this.#note(logic, 'logic', seen))
    // From here on a module is loaded by a call.
    this.#registry.onScope = (scope) => attempt(() => this.#noteScope(scope, false, new Set()))
  }

  /** @param isPlace whether things can be found there again. */
  #noteScope(scope: Scope, isPlace: boolean, seen: Set<Thing>): void {
    const first = new Map<string, number>()
    this.#first.set(scope, first)
    for (const [name, value] of scope.values()) {
      if (typeof value === 'function' && !isClass(value) && !scope.isImported(name))
        first.set(`${name}()`, this.#ofProperties(value))
      if (scope.textOf(name) === undefined) continue
      first.set(name, fingerprint(value, this.#kinds, this.#identity))
      if (isPlace) this.#note(value, `${scope.id} ${name}`, seen)
    }
  }

  #note(root: unknown, label: string, seen: Set<Thing>): void {
    for (const [thing, place] of trace(root, label, this.#kinds, seen)) {
      if (!this.#isKept(thing, label === 'logic')) continue
      const way = wayTo(place).join('\0')
      this.#placeOf.set(thing, way)
      this.#at.set(way, thing)
    }
  }

  /** Whether something is kept as it was made, or filled: it is not replaced by a copy. */
  #isKept(thing: Thing, inLogic: boolean): boolean {
    if (typeof thing !== 'object') return true
    const kind = this.#kinds.of(thing)
    // A module makes its clients, schemas and sockets again, and is right.
    return (
      kind === 'instance' ||
      kind === 'cell' ||
      kind === 'stateless' ||
      (kind === 'opaque' && !inLogic && !isHiding(thing))
    )
  }

  /** Where something was made. */
  placeOf(thing: Thing): string | undefined {
    return this.#placeOf.get(thing)
  }

  /** What was made at a place. */
  at(place: string): Thing | undefined {
    return this.#at.get(place)
  }

  /** Whether a variable is not what its module has made of it. */
  hasChanged(scope: Scope, name: string, value: unknown): boolean {
    const first = this.#first.get(scope)?.get(name)
    return first === undefined || first !== fingerprint(value, this.#kinds, this.#identity)
  }

  /** Whether the properties of a function are not what they were. A class has static fields instead. */
  hasNewProperties(scope: Scope, name: string, value: object): boolean {
    if (isClass(value)) return false
    return (
      (this.#first.get(scope)?.get(`${name}()`) ?? this.#ofProperties(() => {})) !== this.#ofProperties(value)
    )
  }

  #ofProperties(value: object): number {
    return fingerprint({ ...value }, this.#kinds, this.#identity)
  }

  /** Functions and what cannot be seen through are told apart by a number. */
  readonly #identity = (thing: Thing): number => {
    const number = this.#numbers.get(thing) ?? this.#numbers.size
    this.#numbers.set(thing, number)
    return number
  }
}
