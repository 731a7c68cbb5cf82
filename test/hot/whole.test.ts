// @vitest-environment node
import { expect, test } from 'vitest'
import type { State } from '../../src/core/types.js'
import { carryOver, run } from './support.js'

test('a frozen logic keeps what it has in private fields', async () => {
  const code = `export default class { #n = 0; a = 1; constructor() { Object.freeze(this) } up() { return ++this.#n } }`
  const { logic, line } = await carryOver(code, (logic) => logic.up!())
  expect(line).toBe(undefined)
  expect([logic.up!(), Object.isFrozen(logic)]).toEqual([2, true])
})

test('a property that is read-only in the new logic: nothing of the old one is in it', async () => {
  const code = `let n = 0; export default class Todos { #n = 0; constructor(private value: number) { Object.defineProperty(this, 'fixed', { value, enumerable: true }) } up() { return [++this.#n, ++n] } }`
  const old = await run(code, { args: [1] })
  old.logic.up!()
  const state = structuredClone(old.carry.save(old.logic, 'todos'))
  const { logic, carry } = await run(code, { args: [2] })
  const lines: unknown[] = []
  const info = console.info
  console.info = (line) => void lines.push(line)
  expect(carry.restore(logic, state, 'todos')).toBe(true)
  console.info = info
  expect(lines).toEqual([expect.stringContaining('Todos has the property fixed, which cannot be set')])
  expect(logic.up!()).toEqual([1, 1])
})

test('an object that throws when it is filled: all that was written is put back', async () => {
  // A proxy, which nothing can tell from an array, that takes no more than one item.
  const code = `
    import { state } from 'bgthread/worker'
    let n = 0; const cache = new Map()
    const strict = (most: number) => new Proxy([] as unknown[], { defineProperty(list, key, value) { if (Number(key) >= most) throw new Error('full'); return Reflect.defineProperty(list, key, value) } })
    export default class Todos {
      #cell = state(0); #n = 0; open = { a: 1 } as any; #list = strict(99)
      constructor(most: number) { this.#list = strict(most) }
      up() { n++; cache.set(n, n); this.#cell.set(n); this.#n++; this.open.b = n; this.#list.push(n) }
      see() { return [n, [...cache], this.#cell.get(), this.#n, { ...this.open }, [...this.#list]] }
    }`
  const old = await run(code, { args: [99] })
  for (let i = 0; i < 3; i++) old.logic.up!()
  const saved = structuredClone(old.carry.save(old.logic, 'todos'))
  const { logic, carry } = await run(code, { args: [1] })
  const before = logic.see!()
  const lines: unknown[] = []
  const info = console.info
  console.info = (line) => void lines.push(line)
  expect(carry.restore(logic, saved, 'todos')).toBe(true)
  console.info = info
  expect(lines).toEqual([expect.stringContaining('an object does not take its state (Error: full)')])
  expect(logic.see!()).toEqual(before)
})

test('a property that a method adds does not run a setter of the class', async () => {
  const code = `export default class { set later(_: unknown) { throw new Error('no') } get later() { return 'accessor' } add() { Object.defineProperty(this, 'later', { value: 5, enumerable: true, writable: true, configurable: true }) } }`
  const { logic, line } = await carryOver(code, (logic) => logic.add!())
  expect(line).toBe(undefined)
  expect(logic.later).toBe(5)
})

test('a cell that is carried emits to its readers, and stays the cell that it was', async () => {
  const code = `
    import { state } from 'bgthread/worker'
    export default class { #rows = state<number[]>([]); seen: number[][] = []; constructor() { this.#rows.subscribe((rows) => this.seen.push(rows)) } add(n: number) { this.#rows.update((rows) => [...rows, n]) } watch() { return this.#rows } }`
  const old = await run(code)
  old.logic.add!(1)
  const saved = structuredClone(old.carry.save(old.logic, 'todos'))
  const { logic, carry } = await run(code)
  const cell = logic.watch!() as State<number[]>
  const emitted: number[][] = []
  cell.subscribe((rows) => emitted.push(rows))
  carry.restore(logic, saved, 'todos')
  expect(logic.watch!()).toBe(cell)
  logic.add!(2)
  expect(emitted.slice(-2)).toEqual([[1], [1, 2]])
  expect(logic.seen).toEqual([[], [1], [1, 2]])
})

test('properties with odd names pollute nothing', async () => {
  const code = `export default class { data: Record<string, unknown> = {}; put() { Object.defineProperty(this.data, '__proto__', { value: { polluted: true }, enumerable: true, writable: true, configurable: true }); this.data.constructor = 1 } }`
  const { logic, line } = await carryOver(code, (logic) => logic.put!())
  expect(line).toBe(undefined)
  const data = (logic as unknown as { data: object }).data
  expect(Object.getPrototypeOf(data)).toBe(Object.prototype)
  expect(Object.keys(data)).toEqual(['__proto__', 'constructor'])
  expect('polluted' in {}).toBe(false)
})

test('a list of 100,000 nested objects is carried', async () => {
  const code = `export default class { list: any = null; add(n: number) { for (let i = 0; i < n; i++) this.list = { i, next: this.list } } count() { let n = 0; for (let at = this.list; at; at = at.next) n++; return [n, this.list.i] } }`
  const { logic, line } = await carryOver(code, (logic) => logic.add!(100_000))
  expect(line).toBe(undefined)
  expect(logic.count!()).toEqual([100_000, 99_999])
})

test('a property under a symbol is not carried', async () => {
  const code = `const KEY = Symbol('key'); export default class Todos { data: any = {}; up() { this.data[KEY] = 1 } }`
  const { line } = await carryOver(code, (logic) => logic.up!())
  expect(line).toContain('Todos.data has a property under a symbol')
})
