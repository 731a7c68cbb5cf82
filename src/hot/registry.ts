/** What the modules of a thread register when they run: their classes, and the variables that live as long as they. */

import { textHash } from './text-hash.js'
import type { Class, ClassCode, ModuleCode } from '../core/realm.js'

/** The variables of a module, or the static fields of a class. */
export interface Scope {
  id: string
  /** How a message names one of them. */
  show(name: string): string
  /** The values of all names. */
  values(): ReadonlyMap<string, unknown>
  /** The hash of the text of a variable that may hold state; `undefined` for other names. */
  textOf(name: string): string | undefined
  isImported(name: string): boolean
  /** Whether a variable is assigned somewhere in its module, so that it is not a mere constant. */
  isAssigned(name: string): boolean
  canAssign(name: string): boolean
  assign(name: string, value: unknown): void
}

/** The level of a class chain that a class makes. */
export interface Level extends ClassCode {
  cls: Class
  name: string
}

export class Registry {
  readonly #levels = new WeakMap<object, Level>()
  readonly #scopes = new Map<string, Scope[]>()
  readonly #closures = new Map<number, string>()
  /** Is called for each scope, from now on. */
  onScope: (scope: Scope) => void = () => {}

  addClass(cls: Class, code: ClassCode): void {
    const level: Level = { ...code, cls, name: nameOf(cls.name, code.id) }
    this.#levels.set(cls.prototype as object, level)
    const scope = staticsOf(level)
    // The text of one class may make several.
    this.#scopes.set(scope.id, [...(this.#scopes.get(scope.id) ?? []), scope])
    this.onScope(scope)
  }

  addModule(code: ModuleCode): void {
    for (const [hash, variable] of code.closures) this.#closures.set(hash, variable)
    const scope = variablesOf(code)
    // A module that runs again replaces itself.
    this.#scopes.set(scope.id, [scope])
    this.onScope(scope)
  }

  /** The class that a prototype is of, if its code is known. */
  level(proto: object): Level | undefined {
    return this.#levels.get(proto)
  }

  /** The variable of the function around it in which a function keeps state. */
  closureOf(thing: unknown): string | undefined {
    if (typeof thing !== 'function' || !this.#closures.size) return undefined
    return this.#closures.get(textHash(Function.prototype.toString.call(thing)))
  }

  /** How messages name the class of an object. */
  nameOf(object: object): string {
    const proto = Object.getPrototypeOf(object) as object
    return this.level(proto)?.name ?? (proto?.constructor?.name || 'the logic')
  }

  /** All scopes; those of one id together. */
  get scopes(): ReadonlyMap<string, readonly Scope[]> {
    return this.#scopes
  }
}

/** A class that is exported without a name has that of its module. */
function nameOf(name: unknown, id: string): string {
  return typeof name === 'string' && name && name !== 'default'
    ? name
    : (/([^/]+?)(?:\.\w+)?#/.exec(id)?.[1] ?? 'the class')
}

function variablesOf({ id, variables, imports, values, set }: ModuleCode): Scope {
  const texts = new Map(variables)
  const isAssigned = (name: string) => Object.hasOwn(set, name)
  return {
    id,
    show: (name) => `${name === '*default*' ? 'the default export' : `the variable ${name}`} of ${id}`,
    textOf: (name) => texts.get(name),
    values() {
      try {
        return new Map(Object.entries(values()))
      } catch {
        // In a circle of imports, a module that has not run yet.
        return new Map()
      }
    },
    isImported: (name) => imports.includes(name),
    isAssigned,
    canAssign: isAssigned,
    assign: (name, value) => set[name]?.(value as never),
  }
}

function staticsOf({ cls, id, name, statics, hiddenStatics, readStatics, writeStatics }: Level): Scope {
  const texts = new Map(statics)
  const isHidden = (name: string) => hiddenStatics.includes(name)
  const property = (name: string) => Object.getOwnPropertyDescriptor(cls, name)
  return {
    id: `${id} static`,
    show: (key) => `the static field ${name}.${key}`,
    textOf: (key) => texts.get(key) ?? '',
    values() {
      const hidden = readStatics().map((value, i) => [hiddenStatics[i] ?? '', value] as const)
      // Methods are not enumerable.
      const open = Object.entries(Object.getOwnPropertyDescriptors(cls)).flatMap(
        ([key, { enumerable, value, get, set }]) =>
          enumerable && !get && !set ? [[key, value as unknown] as const] : [],
      )
      return new Map([...hidden, ...open])
    },
    isImported: () => false,
    isAssigned: () => false,
    canAssign: (key) => isHidden(key) || (property(key)?.writable ?? Object.isExtensible(cls)),
    assign(key, value) {
      if (isHidden(key)) {
        const values = readStatics()
        values[hiddenStatics.indexOf(key)] = value
        writeStatics(values)
      } else if (property(key)) Reflect.set(cls, key, value)
      else Object.defineProperty(cls, key, { value, writable: true, enumerable: true, configurable: true })
    },
  }
}
