/** Finds, for what was saved, what stands in its place in the new logic. */
import type { Births } from './births.js'
import { canFill } from './fill.js'
import { codeOf, partsOf, takeOut } from './insides.js'
import { isCell, isObject, type Kinds } from './kinds.js'
import type { Level, Registry, Scope } from './registry.js'
import { Refusal, type Mark, type Saved, type SavedScope } from './saved.js'
import { follow } from './trace.js'

/** A variable that is to be set. */
export interface Assignment {
  scope: Scope
  name: string
  value: unknown
}

export class Alignment {
  /** By what was saved: the object of the new logic that it is put into. */
  readonly live = new Map<unknown, unknown>()
  readonly marks: ReadonlySet<unknown>
  /** What was saved of objects that stay as the new code has made them. */
  readonly kept = new Set<unknown>()
  readonly #taken = new Set<object>()
  readonly #queue: [saved: unknown, live: unknown][] = []

  constructor(
    private readonly saved: Saved,
    private readonly registry: Registry,
    private readonly kinds: Kinds,
    private readonly births: Births,
  ) {
    this.marks = new Set(saved.marks)
  }

  /** What stands for a value that was saved. */
  readonly replace = (value: unknown): unknown => {
    if (typeof value !== 'object' || value === null) return value
    const place = this.#inPlace(value)
    if (place !== value) return this.replace(place)
    const live = this.live.get(value)
    if (live !== undefined) return live
    // A view of memory that is there already.
    const memory = ArrayBuffer.isView(value) ? this.live.get(value.buffer) : undefined
    if (!memory) return value
    const view = value as Uint8Array
    const made: unknown = Reflect.construct(view.constructor, [
      memory,
      view.byteOffset,
      view.length ?? view.byteLength,
    ])
    this.live.set(value, made)
    return made
  }

  /** @throws Refusal if something has no place */
  alignAll(logic: object): Assignment[] {
    if (!this.#bind(this.saved.logic, logic)) throw new Refusal(`${this.saved.name} is another class now`)
    const assignments = [...this.saved.scopes].flatMap(([id, scope]) => this.#alignScope(id, scope))
    for (const mark of this.saved.marks) this.#resolve(mark)
    for (const [saved, live] of this.#queue) this.#align(saved, live)
    for (const mark of this.saved.marks)
      if ((mark.kind === 'instance' || mark.kind === 'cell') && !this.live.has(mark))
        throw new Refusal(`${mark.way} is an object that the new code does not make when it starts`)
    return assignments
  }

  #alignScope(id: string, { names, variables }: SavedScope): Assignment[] {
    const [scope] = this.registry.scopes.get(id) ?? []
    if (!scope) {
      for (const [name, { changed }] of variables)
        if (changed) throw new Refusal(`${name} of ${id} has no place, because that module is not loaded`)
      return []
    }
    const values = scope.values()
    for (const name of values.keys())
      if (scope.isAssigned(name) && !names.includes(name)) throw new Refusal(`${scope.show(name)} is new`)
    return [...variables].flatMap(([name, { text, changed, value }]) => {
      const now = values.get(name)
      if (scope.textOf(name) !== text) {
        if (changed)
          throw new Refusal(
            `${scope.show(name)} ${scope.textOf(name) === undefined ? 'is gone' : 'has another initial value now'}`,
          )
        // What refers to it refers to the new one.
        if (isObject(value) && isObject(now)) {
          this.live.set(value, now)
          this.kept.add(value)
        }
        return []
      }
      this.#queue.push([value, now])
      return [{ scope, name, value }]
    })
  }

  /** Finds what the new code has made by itself. */
  #resolve(mark: Mark): void {
    if (mark.kind === 'symbol') {
      this.live.set(mark, mark.isKnown ? Reflect.get(Symbol, mark.key) : Symbol.for(mark.key))
    } else if (mark.kind === 'same') {
      const thing = this.births.at(mark.place)
      if (thing === undefined || this.kinds.sort(thing) !== mark.sort)
        throw new Refusal(`${mark.way} is something that the new code does not make when it starts`)
      this.live.set(mark, thing)
    } else if (mark.kind === 'constant') {
      this.live.set(mark, this.#findConstant(mark))
    } else if ((mark.kind === 'instance' || mark.kind === 'cell') && mark.place !== undefined) {
      const thing = this.births.at(mark.place)
      if (typeof thing === 'object' && !this.live.has(mark)) this.#bind(mark, thing)
    }
  }

  #findConstant(mark: Mark & { kind: 'constant' }): unknown {
    const [scope, another] = this.registry.scopes.get(mark.scope) ?? []
    const value = scope?.values().get(mark.name)
    if (!scope || another || (!isObject(value) && typeof value !== 'symbol'))
      throw new Refusal(`${mark.way} is ${mark.name} of ${mark.scope}, which is gone`)
    if (!mark.labels.length) return value
    const found = scope.textOf(mark.name) === mark.text ? follow(value, mark.labels, this.kinds) : undefined
    if (!isObject(found) && typeof found !== 'symbol')
      throw new Refusal(`${mark.way} is a part of ${scope.show(mark.name)}, which was edited`)
    return found
  }

  #align(from: unknown, live: unknown): void {
    const saved = this.#inPlace(from)
    if (typeof saved !== 'object' || saved === null || this.live.has(saved)) return
    if (typeof live !== 'object' || live === null || this.#taken.has(live)) return
    this.#bind(saved, live)
  }

  /** What a mark stands for that is in the place of something nested deeply. */
  #inPlace(value: unknown): unknown {
    const mark = this.marks.has(value) ? (value as Mark) : undefined
    return mark?.kind === 'deep' ? this.saved.deep[mark.index] : value
  }

  /** @returns whether `live` can stand for `saved` */
  #bind(saved: object, live: object): boolean {
    const mark = this.marks.has(saved) ? (saved as Mark) : undefined
    if (this.#taken.has(live)) return false
    if (!(mark ? this.#fits(mark, live) : this.#fitsPlain(saved, live))) return false
    this.live.set(saved, live)
    this.#taken.add(live)
    if (mark?.kind === 'instance') {
      const { levels, own, base } = takeOut(live, this.kinds.chain(live)!)
      const { insides } = mark
      insides.levels.forEach((values, depth) =>
        values.forEach((value, i) => this.#queue.push([value, levels[depth]?.[i]])),
      )
      for (const [key, value] of insides.own) this.#queue.push([value, own.get(key)])
      if (isObject(base)) this.#alignParts(insides.base as object, base)
    } else if (mark?.kind === 'cell') {
      // Its value is a new one, so that its readers see that it changes.
      if (this.marks.has(mark.value)) this.#queue.push([mark.value, isCell(live) ? live.get() : undefined])
    } else if (!mark) this.#alignParts(saved, live)
    return true
  }

  #alignParts(saved: object, live: object): void {
    const parts = partsOf(live, this.kinds.of(live), this.kinds)
    if (!parts.length) return
    const of = new Map(partsOf(saved, this.kinds.of(saved), this.kinds))
    for (const [label, part] of parts) this.#queue.push([of.get(label), part])
  }

  #fits(mark: Mark, live: object): boolean {
    const kind = this.kinds.of(live)
    if (mark.kind === 'cell') return kind === 'cell'
    if (mark.kind === 'regexp')
      return (
        kind === 'regexp' && (live as RegExp).source === mark.source && (live as RegExp).flags === mark.flags
      )
    if (mark.kind !== 'instance' || kind !== 'instance') return false
    const chain = this.kinds.chain(live)
    if (!chain || chain.base !== mark.base || chain.levels.length !== mark.chain.length) return false
    if (chain.levels.some(({ id }, i) => id !== mark.chain[i])) return false
    for (const level of chain.levels) this.#checkClass(level)
    const code = codeOf(live)
    return code.length === mark.code.length && mark.code.every((name) => code.includes(name))
  }

  #fitsPlain(saved: object, live: object): boolean {
    const kind = this.kinds.of(live)
    if (kind !== this.kinds.of(saved)) return false
    if (kind === 'buffer') return (saved as ArrayBuffer).byteLength === (live as ArrayBuffer).byteLength
    if (kind === 'view') {
      const [a, b] = [saved as Uint8Array, live as Uint8Array]
      if (
        a.constructor.name !== b.constructor.name ||
        a.byteOffset !== b.byteOffset ||
        a.byteLength !== b.byteLength
      )
        return false
      const known = this.live.get(a.buffer)
      return known ? known === b.buffer : !this.#taken.has(b.buffer) && this.#bind(a.buffer, b.buffer)
    }
    return kind !== 'leaf' && canFill(live, kind)
  }

  /** @throws Refusal if a class has other fields, or makes them in another way */
  #checkClass({ id, name, made, fields }: Level): void {
    const saved = this.saved.classes.get(id)
    if (!saved) return
    const old = new Map(saved.fields)
    const now = new Map(fields)
    for (const [field, text] of now) {
      if (!old.has(field)) throw new Refusal(`${name}.${field} is new`)
      if (old.get(field) !== text) throw new Refusal(`${name}.${field} has another initial value now`)
    }
    for (const field of old.keys()) if (!now.has(field)) throw new Refusal(`${name}.${field} is gone`)
    if ([...old.keys()].join() !== [...now.keys()].join())
      throw new Refusal(`the fields of ${name} have another order now`)
    if (made !== saved.made) throw new Refusal(`the constructor of ${name} was edited`)
  }
}
