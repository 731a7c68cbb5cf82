/** Puts state into a new logic and its modules. Everything is checked before anything is written. */
import { Alignment } from './align.js'
import type { Births } from './births.js'
import { contentOf, fill, fillInstance, findFixed, type Fillable } from './fill.js'
import { takeOut, type Insides } from './insides.js'
import { errorClasses, type Kinds } from './kinds.js'
import type { Registry, Scope } from './registry.js'
import { Refusal, type Mark, type Saved } from './saved.js'

/** Replaces what is in something, and can put back what was in it. */
interface Write {
  isCell: boolean
  write(): void
  undo(): void
  /** Whether it still is what was written. */
  holds(): boolean
}

/** @throws Refusal if the state does not fit; then nothing is written */
export function restore(saved: Saved, logic: object, registry: Registry, kinds: Kinds, births: Births): void {
  const alignment = new Alignment(saved, registry, kinds, births)
  const variables = alignment.alignAll(logic)
  const { replace } = alignment
  // What is copied is made complete first; nothing of the new logic is touched by that.
  for (const mark of saved.marks)
    if (mark.kind !== 'deep' && !alignment.live.has(mark)) alignment.live.set(mark, make(mark))
  fixAll(saved, replace)
  for (const mark of saved.marks)
    if (mark.kind === 'error') setOwnOf(alignment.live.get(mark) as object, mark.own)
  const objects = [...alignment.live].filter(([from]) => !alignment.kept.has(from))
  const writes = [
    ...objects.flatMap(([from, to]) => planObject(from as object, to as object, alignment.marks, kinds)),
    ...variables.flatMap(({ scope, name, value }) => planVariable(scope, name, replace(value))),
  ]
  const fixed = saved.closed.map(([object, how]) => [replace(object) as object, how] as const)
  const done: Write[] = []
  try {
    writeAll(writes, done)
    for (const [object, how] of fixed)
      if (how === 'frozen') Object.freeze(object)
      else if (how === 'sealed') Object.seal(object)
      else Object.preventExtensions(object)
  } catch (error) {
    for (const { undo } of done.reverse()) undo()
    throw new Refusal(`an object does not take its state (${String(error)})`)
  }
}

/** What reads a cell may change anything, so what it changed is written again. */
function writeAll(writes: readonly Write[], done: Write[]): void {
  const cells = writes.filter(({ isCell }) => isCell)
  const rest = writes.filter(({ isCell }) => !isCell)
  const run = (write: Write) => {
    done.push(write)
    write.write()
  }
  rest.forEach(run)
  cells.forEach(run)
  for (let round = 0; round < 10; round++) {
    for (const { write } of rest) write()
    const wrong = cells.filter(({ holds }) => !holds())
    if (!wrong.length) return
    for (const { write } of wrong) write()
  }
}

function planObject(from: object, to: object, marks: ReadonlySet<unknown>, kinds: Kinds): Write[] {
  const mark = marks.has(from) ? (from as Mark) : undefined
  if (mark?.kind === 'instance') {
    const chain = kinds.chain(to)
    if (!chain) return []
    const { insides } = mark
    const fixed = findFixed(to, insides)
    if (fixed !== undefined) throw new Refusal(`${mark.way} has the property ${fixed}, which cannot be set`)
    const old: Insides = takeOut(to, chain)
    return [
      {
        isCell: false,
        write: () => fillInstance(to, chain, insides),
        undo: () => fillInstance(to, chain, old),
        holds: () => true,
      },
    ]
  }
  if (mark && mark.kind !== 'cell' && mark.kind !== 'regexp') return []
  const kind = (mark?.kind ?? kinds.of(to)) as Fillable
  const content = mark ? (mark.kind === 'cell' ? mark.value : mark) : from
  if (content === to) return []
  const old = contentOf(to, kind)
  return [
    {
      isCell: kind === 'cell',
      write: () => fill(to, kind, content),
      undo: () => fill(to, kind, old),
      holds: () => kind !== 'cell' || Object.is(contentOf(to, kind), content),
    },
  ]
}

function planVariable(scope: Scope, name: string, value: unknown): Write[] {
  const old = scope.values().get(name)
  if (Object.is(old, value)) return []
  if (!scope.canAssign(name)) throw new Refusal(`${scope.show(name)} cannot be set`)
  return [
    {
      isCell: false,
      write: () => scope.assign(name, value),
      undo: () => scope.assign(name, old),
      holds: () => true,
    },
  ]
}

/** Replaces, in all that was copied, what stands for something else. */
function fixAll({ logic, scopes, deep, marks, bare }: Saved, replace: (value: unknown) => unknown): void {
  const seen = new Set<unknown>()
  const queue: object[] = [logic, deep]
  for (const mark of marks) queue.push(mark)
  for (const { variables } of scopes.values()) for (const variable of variables.values()) queue.push(variable)
  const fix = (part: unknown): unknown => {
    if (typeof part !== 'object' || part === null) return part
    if (!seen.has(part)) {
      seen.add(part)
      queue.push(part)
    }
    return replace(part)
  }
  for (const object of queue) {
    if (object instanceof Map) {
      const entries = [...(object as Map<unknown, unknown>)]
      let changed = false
      const fixed = entries.map(([key, value]) => {
        const entry = [fix(key), fix(value)] as const
        changed ||= entry[0] !== key || entry[1] !== value
        return entry
      })
      if (changed) fill(object, 'map', fixed)
    } else if (object instanceof Set) {
      const fixed = [...(object as Set<unknown>)].map(fix)
      fill(object, 'set', fixed)
    } else if (Array.isArray(object)) {
      // A hole is no part; what is there has a value that is no longer the same.
      for (let i = 0; i < object.length; i++) fixPart(object, i, fix)
      if (Object.keys(object).length > object.length)
        for (const key of Object.keys(object)) fixPart(object, key, fix)
    } else if (Object.getPrototypeOf(object) === Object.prototype)
      for (const key of Object.keys(object)) fixPart(object, key, fix)
  }
  for (const object of bare) Object.setPrototypeOf(object, null)
}

function fixPart(object: object, key: string | number, fix: (part: unknown) => unknown): void {
  const part = (object as Record<string, unknown>)[key]
  const fixed = fix(part)
  if (fixed !== part)
    Object.defineProperty(object, key, { value: fixed, writable: true, enumerable: true, configurable: true })
}

/** Gives an error the properties of another: none of them is enumerable that is not its user's. */
function setOwnOf(error: object, own: ReadonlyMap<string, unknown>): void {
  for (const [key, value] of own) {
    const enumerable = !['message', 'stack', 'cause', 'errors'].includes(key)
    Object.defineProperty(error, key, { value, writable: true, enumerable, configurable: true })
  }
}

/** Makes what a mark stands for anew. */
function make(mark: Mark): unknown {
  if (mark.kind === 'regexp') {
    const made = new RegExp(mark.source, mark.flags)
    made.lastIndex = mark.lastIndex
    return made
  }
  if (mark.kind !== 'error') return mark
  return mark.type === 'AggregateError' ? new AggregateError([]) : new (errorClasses[mark.type] ?? Error)()
}
