/** A state as an app has it, and random changes of it in every style that apps have. */

type Container =
  Record<string, unknown> | unknown[] | Map<unknown, unknown> | Set<unknown> | Date | Uint8Array
type Key = string | number

export const STYLES = ['in place', 'replaced', 'frozen', 'fresh'] as const
/** How a change comes about; a fresh copy is made of everything each time. */
export type Style = (typeof STYLES)[number]

/** Numbers from 0 to 1, the same for the same seed. */
export function randomFrom(seed: number): () => number {
  return () => {
    seed = (seed + 0x6d2b79f5) | 0
    let bits = Math.imul(seed ^ (seed >>> 15), 1 | seed)
    bits = (bits + Math.imul(bits ^ (bits >>> 7), 61 | bits)) ^ bits
    return ((bits ^ (bits >>> 14)) >>> 0) / 2 ** 32
  }
}

export class Walker {
  state: Record<string, unknown>
  #lastId = 0
  #isFrozen = false

  constructor(readonly random: () => number) {
    const list = <T>(make: () => T, length = 15) => Array.from({ length }, make)
    this.state = {
      title: 'title',
      count: 0,
      total: 5n,
      rows: list(() => this.#row()),
      notes: list(() => this.#note()),
      points: list(() => [this.#number(), this.#number()]),
      texts: list(() => this.#text()),
      byName: Object.fromEntries(list(() => [this.#text(), this.#row()])),
      map: new Map<unknown, unknown>(list(() => [this.#primitive(), this.#note()])),
      set: new Set<unknown>(list(() => (this.#often(0.5) ? this.#primitive() : this.#note()))),
      when: new Date(5),
      bytes: new Uint8Array(20),
      error: new Error('message'),
      file: new Blob(['text']),
      pattern: /a/g,
      nothing: undefined,
      deep: { a: { b: { c: { list: list(() => this.#primitive()) } } } },
    }
  }

  /** Changes the state once or a few times. */
  step(style: Style): void {
    // What is frozen cannot be changed in place any more.
    if (style === 'fresh' || (style === 'in place' && this.#isFrozen)) {
      this.state = structuredClone(this.state)
      this.#isFrozen = false
    }
    for (let count = this.#below(4); count >= 0; count--)
      this.#change(style === 'in place' || style === 'fresh')
    if (style !== 'frozen') return
    freeze(this.state)
    this.#isFrozen = true
  }

  #change(inPlace: boolean): void {
    const path = this.#pick(this.#paths())
    const edit = (container: Container) => this.#edit(container)
    if (inPlace) edit(reach(this.state, path) as Container)
    else this.state = replaced(this.state, path, edit) as Record<string, unknown>
  }

  /** Where something can change. */
  #paths(): Key[][] {
    const { rows, notes, points, byName, map } = this.state as Record<string, unknown[]>
    const into = (name: string, list: unknown, ...more: Key[]): Key[] => {
      const keys = Object.keys(list as object)
      return keys.length > 0 ? [name, this.#pick(keys), ...more] : [name]
    }
    const key = this.#below((map as unknown as Map<unknown, unknown>).size)
    const paths = [
      [],
      ['rows'],
      into('rows', rows),
      into('rows', rows, 'tags'),
      into('rows', rows, 'at'),
      ['notes'],
      into('notes', notes),
      ['points'],
      into('points', points),
      ['texts'],
      ['byName'],
      into('byName', byName),
      into('byName', byName, 'tags'),
      ['map'],
      (map as unknown as Map<unknown, unknown>).size > 0 ? ['map', key] : ['map'],
      ['set'],
      ['when'],
      ['bytes'],
      ['deep', 'a', 'b', 'c', 'list'],
    ]
    return paths.filter((path) => isObject(reach(this.state, path)))
  }

  #edit(it: Container): void {
    if (Array.isArray(it)) this.#editList(it)
    else if (it instanceof Date) it.setTime(this.#below(9))
    else if (it instanceof Uint8Array) it[this.#below(it.length)] = this.#below(9)
    else if (it instanceof Map) {
      if (this.#often(0.4)) it.delete([...it.keys()][this.#below(it.size)])
      else it.set(this.#primitive(), this.#note())
    } else if (it instanceof Set) {
      if (this.#often(0.4)) it.delete([...it][this.#below(it.size)])
      else it.add(this.#often(0.5) ? this.#primitive() : this.#note())
    } else if (it === this.state || 'rows' in it) this.#editState(it)
    else if ('done' in it) this.#editRow(it)
    else it[this.#text()] = this.#often(0.5) ? this.#row() : this.#primitive()
  }

  #editState(state: Record<string, unknown>): void {
    const what = this.#pick(['title', 'count', 'total', 'nothing', 'error', 'file', 'pattern'])
    const message = this.#text()
    const make: Record<string, () => unknown> = {
      error: () => this.#pick([new Error(message), new TypeError(message)]),
      file: () => new Blob([message]),
      pattern: () => new RegExp(message, 'gi'),
    }
    state[what] = (make[what] ?? (() => this.#primitive()))()
  }

  #editRow(row: Record<string, unknown>): void {
    const name = this.#pick(['title', 'done', 'n', 'tags', 'extra', 'meta'])
    if (name in row && this.#often(0.2)) delete row[name]
    else
      row[name] =
        name === 'tags' ? [this.#text()] : name === 'meta' ? { note: this.#text() } : this.#primitive()
  }

  #editList(list: unknown[]): void {
    const at = this.#below(list.length)
    const like = (): unknown => {
      const [model] = list
      if (typeof model !== 'object' || model === null) return this.#primitive()
      return Array.isArray(model) ? [this.#number()] : 'id' in model ? this.#row() : this.#note()
    }
    const operations: (() => void)[] = [
      () => list.push(like()),
      () => list.unshift(like()),
      () => list.splice(at, 0, like(), like()),
      () => list.splice(at, 1),
      () => list.push(...list.splice(at, 1)),
      () => list.reverse(),
      () => list.sort(() => this.random() - 0.5),
      () => list.splice(0, list.length, ...list.filter(() => this.#often(0.7))),
      () => this.#often(0.1) && list.splice(0, list.length),
      () => list.length > 0 && (list[at] = like()),
    ]
    this.#pick(operations)()
  }

  #row(): Record<string, unknown> {
    return {
      id: ++this.#lastId,
      title: this.#text(),
      done: this.#often(0.5),
      n: this.#number(),
      tags: [this.#text(), this.#text()],
      at: new Date(this.#below(9)),
    }
  }

  #note(): Record<string, unknown> {
    return { text: this.#text(), done: this.#often(0.5), by: { name: this.#text() } }
  }

  #primitive(): unknown {
    return this.#pick([this.#number(), this.#text(), null, undefined, true, false, 7n, this.#below(99), ''])
  }

  #number(): number {
    return this.#pick([0, -0, NaN, Infinity, this.random(), this.#below(1_000)])
  }

  #text(): string {
    return this.#pick([
      '',
      '__proto__',
      'toJSON',
      '7',
      '12',
      'a',
      'b',
      'c',
      'd',
      'ä\ud800',
      String(this.#below(1_000)),
    ])
  }

  #often(share: number): boolean {
    return this.random() < share
  }

  #below(end: number): number {
    return Math.floor(this.random() * end)
  }

  #pick<T>(list: readonly T[]): T {
    return list[this.#below(list.length)] as T
  }
}

const isObject = (value: unknown): value is object => typeof value === 'object' && value !== null

const reach = (from: unknown, path: Key[]): unknown =>
  path.reduce((at, key) => (isObject(at) ? get(at as Container, key) : undefined), from)

/** Maps by the number of the entry. */
function get(it: Container, key: Key): unknown {
  return it instanceof Map ? [...it.values()][key as number] : (it as Record<string, unknown>)[key]
}

/** A copy of what lies on the path, changed at its end; all else is shared. */
function replaced(it: unknown, path: Key[], edit: (copy: Container) => void): unknown {
  const copy = shallow(it as Container)
  const [key, ...rest] = path
  if (key === undefined) edit(copy)
  else {
    const value = replaced(get(copy, key), rest, edit)
    if (copy instanceof Map) copy.set([...copy.keys()][key as number], value)
    else Object.defineProperty(copy, key, { value })
  }
  return copy
}

function shallow(it: Container): Container {
  if (Array.isArray(it)) return [...it]
  if (it instanceof Map) return new Map(it)
  if (it instanceof Set) return new Set(it)
  if (it instanceof Date) return new Date(it)
  if (it instanceof Uint8Array) return it.slice()
  return { ...it }
}

/** As Immer does it: maps and sets stay as they are, what they hold is frozen. */
function freeze(it: unknown): void {
  if (typeof it !== 'object' || it === null || Object.isFrozen(it)) return
  if (it instanceof Map || it instanceof Set) it.forEach(freeze)
  else if (Array.isArray(it) || Object.getPrototypeOf(it) === Object.prototype) {
    Object.freeze(it)
    Object.values(it).forEach(freeze)
  }
}
