// @vitest-environment node
import { expect, test } from 'vitest'
import { carryOver, run, type Options } from './support.js'

const code = `
abstract class Base<T> { protected items: T[] = []; declare hint: string; abstract name(): string; optional?: number }
function logged(_target: unknown, _key?: unknown) {}
@logged
export default class Todos extends Base<string> {
  static made = 0
  #count = 0; later!: string
  up = () => ++this.#count
  constructor(private owner: string, readonly log: string[] = []) { super(); Todos.made++ }
  @logged add(title: string) { this.items.push(title); this.log.push(title); this.later = title; this.optional = 1; return this.up() }
  name() { return this.owner }
  see() { return [this.items, this.log, this.later, this.optional, this.#count, this.owner] }
}`
const edited = code.replace('return this.up() }', 'return 10 * this.up() }')

const ways: Record<string, Options['typescript']> = {
  'fields that are defined': {
    tsconfig: { compilerOptions: { useDefineForClassFields: true, experimentalDecorators: true } },
  },
  'fields that are assigned in the constructor': {
    tsconfig: { compilerOptions: { useDefineForClassFields: false, experimentalDecorators: true } },
  },
  'an older target': { target: 'es2022', tsconfig: { compilerOptions: { experimentalDecorators: true } } },
}

for (const [way, typescript] of Object.entries(ways))
  test(`a class of TypeScript is carried as it is compiled, with ${way}`, async () => {
    const { logic, line } = await carryOver(code, (logic) => [logic.add!('a'), logic.add!('b')], edited, {
      args: ['ada'],
      typescript,
    })
    expect(line).toBe(undefined)
    expect(logic.see!()).toEqual([['a', 'b'], ['a', 'b'], 'b', 1, 2, 'ada'])
    expect(logic.add!('c')).toBe(30)
  })

const typescript = ways['fields that are defined']

test('state is carried from edition to edition', async () => {
  let from = await run(code, { args: ['ada'], typescript })
  from.logic.add!('first')
  for (let i = 1; i <= 5; i++) {
    const state = structuredClone(from.carry.save(from.logic, 'todos'))
    const to = await run(i % 2 ? edited : code, { args: ['ada'], typescript })
    expect(to.carry.restore(to.logic, state, 'todos')).toBe(true)
    to.logic.add!(`${i}`)
    from = to
  }
  expect(from.logic.see!()).toEqual([
    ['first', '1', '2', '3', '4', '5'],
    ['first', '1', '2', '3', '4', '5'],
    '5',
    1,
    6,
    'ada',
  ])
})

test('100,000 rows are carried', async () => {
  const rows = `
    import { state } from 'bgthread/worker'
    export default class { #rows = state<object[]>([]); #byId = new Map()
      add(n: number) { const rows = Array.from({ length: n }, (_, id) => ({ id, title: 'row ' + id })); for (const row of rows) this.#byId.set(row.id, row); this.#rows.set(rows) }
      see() { return [this.#rows.get().length, this.#rows.get().every((row: any) => this.#byId.get(row.id) === row)] } }`
  const { logic, line } = await carryOver(rows, (logic) => logic.add!(100_000))
  expect(line).toBe(undefined)
  expect(logic.see!()).toEqual([100_000, true])
})

test('what is not ours is left to the logic', async () => {
  const { logic, carry } = await run(code, { args: ['ada'], typescript })
  for (const state of [undefined, null, 1, 'bgthread:carried', {}, { brand: 'other' }, [], new Map()])
    expect(carry.restore(logic, state, 'todos')).toBe(false)
})
