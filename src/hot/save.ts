/** Takes all state out of a logic and its modules, or says what cannot be carried. */
import { isClass } from '../core/class.js'
import { Anchors, type ChangedVariables } from './anchors.js'
import type { Births } from './births.js'
import { describe, explainBase } from './describe.js'
import { codeOf, hiddenLabel, keyLabel, labelOf, takeOut } from './insides.js'
import { isObject, type Cell, type Chain, type Kinds } from './kinds.js'
import { setOwn } from '../core/own.js'
import type { Registry, Scope } from './registry.js'
import { BRAND, Refusal, type Mark, type Saved, type SavedScope } from './saved.js'
import type { Thing } from './trace.js'

/** Before a label that is no name of a property. */
const AS_IT_IS = '\0'

/** From how many levels on something is put beside the rest. */
const DEEP = 100

export class Saver {
  readonly #saved: Omit<Saved, 'logic' | 'brand' | 'name'> = {
    classes: new Map(),
    scopes: new Map(),
    deep: [],
    marks: [],
    closed: [],
    bare: [],
  }
  readonly #copies = new Map<unknown, unknown>()
  readonly #changed: ChangedVariables
  readonly #anchors: Anchors
  readonly #later: { object: object; way: string }[] = []
  /** The labels on the way to what is copied. */
  #way: (string | number)[] = []

  constructor(
    private readonly registry: Registry,
    private readonly kinds: Kinds,
    private readonly births: Births,
    private readonly isTimer: (id: number) => boolean,
  ) {
    this.#changed = this.#findChanged()
    this.#anchors = new Anchors(registry, kinds, births, this.#changed)
  }

  /** @throws Refusal where something cannot be carried */
  save(logic: object): Saved {
    const name = this.registry.nameOf(logic)
    for (const [id, scopes] of this.registry.scopes) this.#saveScope(id, scopes)
    this.#way = [AS_IT_IS + name]
    const chain = this.kinds.chain(logic)
    if (!chain?.levels.length) throw new Refusal(explainBase(logic, this.registry))
    const mark = this.copy(logic) as Mark
    this.#copyLater()
    return { brand: BRAND, name, logic: mark, ...this.#saved }
  }

  #findChanged(): ChangedVariables {
    const ofScope = (scope: Scope) =>
      [...scope.values()].flatMap(([name, value]) =>
        scope.textOf(name) !== undefined && this.births.hasChanged(scope, name, value) ? [name] : [],
      )
    const scopes = [...this.registry.scopes.values()].flat()
    return new Map(scopes.map((scope) => [scope, new Set(ofScope(scope))]))
  }

  #saveScope(id: string, scopes: readonly Scope[]): void {
    const saved: SavedScope = { names: [], variables: new Map() }
    for (const scope of scopes)
      for (const [name, value] of scope.values()) {
        const text = scope.textOf(name)
        if (text === undefined) continue
        saved.names.push(name)
        const changed = this.#changed.get(scope)!.has(name)
        if (!changed && !scope.isAssigned(name)) continue
        if (scopes.length > 1 && changed)
          throw new Refusal(
            `${scope.show(name)} is there several times, because its code has run several times`,
          )
        this.#way = [AS_IT_IS + scope.show(name)]
        saved.variables.set(name, { text, changed, value: this.copy(value) })
      }
    if (saved.names.length) this.#saved.scopes.set(id, saved)
  }

  /** Copies a value, with marks for all that is no plain data. */
  copy(value: unknown): unknown {
    if (typeof value === 'number' && this.isTimer(value)) this.#refuse('is a timer that is still to fire')
    if (typeof value === 'function' || typeof value === 'symbol') return this.#same(value)
    if (typeof value !== 'object' || value === null) return value
    const known = this.#copies.get(value)
    if (known) return known
    return this.#way.length > DEEP ? this.#putOff(value) : this.#copyObject(value)
  }

  /** Structured clone and the stack have their limits. */
  #putOff(object: object): Mark {
    const way = `${this.#way[0]}…`
    const index = this.#later.push({ object, way }) - 1
    return this.#mark(object, { kind: 'deep', way: this.#show(), index })
  }

  #copyLater(): void {
    for (const { object, way } of this.#later) {
      this.#way = [way]
      this.#saved.deep.push(this.#copyObject(object))
    }
  }

  #copyObject(object: object): unknown {
    const anchor = this.#anchors.of(object)
    if (anchor) return this.#mark(object, { kind: 'constant', way: this.#show(), ...anchor })
    const kind = this.kinds.of(object)
    switch (kind) {
      case 'array':
        return this.#copyArray(object as unknown[])
      case 'plain':
        return this.#copyPlain(object as Record<string, unknown>)
      case 'map':
        return this.#copyMap(object as Map<unknown, unknown>)
      case 'set':
        return this.#copySet(object as Set<unknown>)
      case 'instance':
        return this.#copyInstance(object, this.kinds.chain(object)!)
      case 'cell': {
        const mark = this.#mark(object, {
          kind,
          way: this.#show(),
          place: this.births.placeOf(object),
          value: undefined,
        })
        if (mark.kind === 'cell') mark.value = this.#part(`${AS_IT_IS}.get()`, (object as Cell).get())
        return mark
      }
      case 'regexp': {
        const { source, flags, lastIndex } = object as RegExp
        return this.#mark(object, { kind, way: this.#show(), source, flags, lastIndex })
      }
      case 'error':
        return this.#copyError(object)
      case 'stateless':
        return this.#same(object)
      case 'view':
        this.copy((object as DataView).buffer)
        return this.#keep(object)
      case 'buffer':
        if (isDetached(object as ArrayBuffer)) this.#refuse('is a buffer that was moved away')
        return this.#keep(object)
      case 'date':
      case 'leaf':
        return this.#keep(object)
      case 'opaque':
        return this.births.placeOf(object) === undefined
          ? this.#refuse(`holds ${describe(object)}, which cannot be carried over`)
          : this.#same(object)
    }
  }

  /** What structured clone copies as it is. */
  #keep(object: object): object {
    this.#copies.set(object, object)
    return object
  }

  #mark(thing: Thing, mark: Mark): Mark {
    this.#copies.set(thing, mark)
    this.#saved.marks.push(mark)
    return mark
  }

  /** Something that the next edition makes as it is. */
  #same(thing: Thing): unknown {
    const known = this.#copies.get(thing)
    if (known) return known
    const way = this.#show()
    const anchor = this.#anchors.of(thing)
    if (anchor) return this.#mark(thing, { kind: 'constant', way, ...anchor })
    if (typeof thing === 'symbol') {
      const key = Symbol.keyFor(thing)
      if (key !== undefined) return this.#mark(thing, { kind: 'symbol', way, key, isKnown: false })
      const name = /^Symbol\.(\w+)$/.exec(thing.description ?? '')?.[1] ?? ''
      if (Reflect.get(Symbol, name) === thing)
        return this.#mark(thing, { kind: 'symbol', way, key: name, isKnown: true })
    }
    const variable = this.registry.closureOf(thing)
    if (variable !== undefined) this.#refuse(`is a function that keeps state in its variable ${variable}`)
    const place = this.births.placeOf(thing)
    if (place === undefined) return this.#refuse(`holds ${describe(thing)}, which cannot be carried over`)
    // Those of a class are its static fields.
    if (typeof thing === 'function' && !isClass(thing) && Object.keys(thing).length)
      this.#refuse('holds a function with properties')
    return this.#mark(thing, { kind: 'same', way, place, sort: this.kinds.sort(thing) })
  }

  #copyArray(array: unknown[]): unknown[] {
    const copy: unknown[] = []
    this.#copies.set(array, copy)
    this.#close(array, copy)
    const keys = Object.keys(array)
    if (keys.length === array.length && keys.at(-1) === (keys.length ? String(keys.length - 1) : undefined))
      for (let i = 0; i < array.length; i++) copy.push(this.#part(i, array[i]))
    else {
      copy.length = array.length
      for (const key of keys) Reflect.set(copy, key, this.#part(key, Reflect.get(array, key)))
    }
    return copy
  }

  #copyPlain(object: Record<string, unknown>): object {
    const copy: Record<string, unknown> = {}
    this.#copies.set(object, copy)
    this.#close(object, copy)
    if (Object.getPrototypeOf(object) === null) this.#saved.bare.push(copy)
    for (const key of Object.keys(object)) {
      const part = this.#part(key, object[key])
      if (key === '__proto__') setOwn(copy, key, part)
      else copy[key] = part
    }
    return copy
  }

  #copyMap(map: ReadonlyMap<unknown, unknown>): Map<unknown, unknown> {
    const copy = new Map<unknown, unknown>()
    this.#copies.set(map, copy)
    let i = -1
    for (const [key, value] of map) {
      i++
      const hasObject = isObject(key) || typeof key === 'symbol'
      copy.set(
        hasObject ? this.#part(`${AS_IT_IS}.key(${i})`, key) : key,
        this.#part(AS_IT_IS + (hasObject ? `.value(${i})` : keyLabel(key)), value),
      )
      if (typeof key === 'number' && this.isTimer(key))
        this.#refuse('has the number of a timer that is still to fire as a key')
    }
    return copy
  }

  #copySet(set: ReadonlySet<unknown>): Set<unknown> {
    const copy = new Set<unknown>()
    this.#copies.set(set, copy)
    let i = 0
    for (const item of set) copy.add(this.#part(`${AS_IT_IS}.item(${i++})`, item))
    return copy
  }

  #copyError(error: object): Mark {
    const mark: Mark = { kind: 'error', way: this.#show(), type: error.constructor.name, own: new Map() }
    this.#mark(error, mark)
    for (const key of Object.getOwnPropertyNames(error))
      mark.own.set(key, this.#part(key, Reflect.get(error, key) as unknown))
    return mark
  }

  #copyInstance(object: object, chain: Chain): Mark {
    for (const key of Object.getOwnPropertySymbols(object))
      if (typeof Reflect.get(object, key) !== 'function') this.#refuse('has a property under a symbol')
    const { classes } = this.#saved
    for (const { id, name, made, fields } of chain.levels) classes.set(id, { name, made, fields })
    const insides = { levels: [] as unknown[][], own: new Map<string, unknown>() }
    const mark: Mark = {
      kind: 'instance',
      way: this.#show(),
      place: this.births.placeOf(object),
      chain: chain.levels.map(({ id }) => id),
      base: chain.base,
      code: codeOf(object),
      insides,
    }
    this.#mark(object, mark)
    const { levels, own, base } = takeOut(object, chain)
    levels.forEach((values, depth) => {
      insides.levels.push(
        values.map((value, i) => this.#part(AS_IT_IS + hiddenLabel(depth, chain.levels[depth], i), value)),
      )
    })
    for (const [key, value] of own) insides.own.set(key, this.#part(key, value))
    if (isObject(base)) Object.assign(insides, { base: this.#copyObject(base) })
    this.#close(object, mark)
    return mark
  }

  #close(object: object, copy: object): void {
    if (Object.isExtensible(object)) return
    const how = Object.isFrozen(object) ? 'frozen' : Object.isSealed(object) ? 'sealed' : 'closed'
    this.#saved.closed.push([copy, how])
  }

  /** @param label an index, the name of a property, or after a mark what a message shows as it is */
  #part(label: string | number, value: unknown): unknown {
    // Most of a large state.
    const type = typeof value
    if (type === 'string' || type === 'boolean' || (type === 'number' && !this.isTimer(value as number)))
      return value
    this.#way.push(label)
    const copy = this.copy(value)
    this.#way.pop()
    return copy
  }

  #show(): string {
    return this.#way
      .map((label) =>
        typeof label === 'number'
          ? `[${label}]`
          : label.startsWith(AS_IT_IS)
            ? label.slice(1)
            : labelOf(label),
      )
      .join('')
  }

  #refuse(why: string): never {
    throw new Refusal(`${this.#show()} ${why}`)
  }
}

function isDetached(buffer: ArrayBuffer): boolean {
  try {
    return !new Uint8Array(buffer)
  } catch {
    return true
  }
}
