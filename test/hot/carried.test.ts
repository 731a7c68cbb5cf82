// @vitest-environment node
import { expect, test } from 'vitest'
import { carryOver, type AnyLogic, type Files } from './support.js'

interface Case {
  /** The first edition of the logic, and the next one; left out, it is the same. */
  code: string | Files
  next?: string | Files
  /** What is done with it before it is replaced. */
  use?: (logic: AnyLogic) => unknown
  /** What the new logic gives. */
  see: (logic: AnyLogic, old: AnyLogic) => unknown
  shows: unknown
}

const call = (name: string, times: number) => (logic: AnyLogic) => {
  for (let i = 0; i < times; i++) logic[name]!(i)
}

const cases: Record<string, Case> = {
  'a counter in a private field': {
    code: `export default class { #next = 1; take() { return this.#next++ } }`,
    use: call('take', 3),
    see: (logic) => logic.take!(),
    shows: 4,
  },
  'a counter in a variable of the module': {
    code: `let next = 1; export default class { take() { return next++ } }`,
    use: call('take', 3),
    see: (logic) => logic.take!(),
    shows: 4,
  },
  'a counter in a variable of another module': {
    code: {
      'logic.ts': `import { take } from './ids'; export default class { take() { return take() } }`,
      'ids.ts': `let next = 1; export function take() { return next++ }`,
    },
    use: call('take', 3),
    see: (logic) => logic.take!(),
    shows: 4,
  },
  'a counter in a static field': {
    code: `class Id { static next = 1 } export default class { take() { return Id.next++ } }`,
    use: call('take', 3),
    see: (logic) => logic.take!(),
    shows: 4,
  },
  'a counter in a private static field': {
    code: `export default class L { static #next = 1; take() { return L.#next++ } }`,
    use: call('take', 3),
    see: (logic) => logic.take!(),
    shows: 4,
  },
  'a counter in the object that a module exports as its default': {
    code: {
      'logic.ts': `import ids from './ids'; export default class { take() { return ids.next++ } }`,
      'ids.ts': `export default { next: 1 }`,
    },
    use: call('take', 3),
    see: (logic) => logic.take!(),
    shows: 4,
  },
  'a map that holds the objects of an array': {
    code: `
      export default class {
        #rows: object[] = []; #byId = new Map<number, object>()
        add(id: number) { const row = { id }; this.#rows.push(row); this.#byId.set(id, row) }
        same() { return this.#rows.length && this.#rows.every((row, i) => this.#byId.get(i) === row) }
      }`,
    use: call('add', 3),
    see: (logic) => logic.same!(),
    shows: true,
  },
  'a cell that is derived from another': {
    code: `
      import { state } from 'bgthread/worker'
      export default class {
        #rows = state<number[]>([]); #count = state(0); #changes = 0
        constructor() { this.#rows.subscribe((rows) => { this.#changes++; this.#count.set(rows.length) }) }
        add(id: number) { this.#rows.update((rows) => [...rows, id]) }
        see() { return [this.#rows.get(), this.#count.get(), this.#changes] }
      }`,
    use: call('add', 3),
    see: (logic, old) => [logic.see!(), (logic.add!(9), logic.see!()), old.see!()],
    shows: [
      [[0, 1, 2], 3, 4],
      [[0, 1, 2, 9], 4, 5],
      [[0, 1, 2], 3, 4],
    ],
  },
  'a cell whose reader counts what it is told': {
    code: `
      import { state } from 'bgthread/worker'
      export default class {
        #told = state(0); #rows = state<number[]>([])
        constructor() { this.#rows.subscribe(() => this.#told.update((n) => n + 1)) }
        add(id: number) { this.#rows.update((rows) => [...rows, id]) }
        see() { return [this.#told.get(), this.#rows.get()] }
      }`,
    use: call('add', 3),
    see: (logic) => logic.see!(),
    shows: [4, [0, 1, 2]],
  },
  'an object of another class': {
    code: `
      class Store { #rows: number[] = []; constructor(private name: string) {} add(n: number) { this.#rows.push(n) } see() { return [this.name, this.#rows] } }
      export default class { #store = new Store('a'); add(n: number) { this.#store.add(n) } see() { return this.#store.see() } }`,
    use: call('add', 2),
    see: (logic) => logic.see!(),
    shows: ['a', [0, 1]],
  },
  'private fields of one name on two levels': {
    code: `
      class Base { #n = 0; up() { return ++this.#n } }
      export default class extends Base { #n = 10; over() { return ++this.#n } }`,
    use: (logic) => [logic.up!(), logic.up!(), logic.over!()],
    see: (logic) => [logic.up!(), logic.over!()],
    shows: [3, 12],
  },
  'fields of a class whose arrow function and method were edited': {
    code: `export default class { n = 0; up = () => ++this.n; see() { return this.n } }`,
    next: `export default class { n = 0; /* twice */ up = () => (this.n += 2);   see() { return [this.n] } more() {} }`,
    use: call('up', 2),
    see: (logic) => [logic.see!(), logic.up!()],
    shows: [[2], 4],
  },
  'what is behind accessors': {
    code: `export default class { #n = 0; get n() { return this.#n } set n(v) { this.#n = v + 1 } }`,
    use: (logic) => Object.assign(logic, { n: 5 }),
    see: ({ n }) => n,
    shows: 6,
  },
  'parameters that are properties': {
    code: `export default class { constructor(private readonly list: number[] = []) {} add(n: number) { this.list.push(n); return this.list } }`,
    use: call('add', 2),
    see: (logic) => logic.add!(2),
    shows: [0, 1, 2],
  },
  'fields of a class on one line without a semicolon': {
    code: `export default class{#n=0;add(){return ++this.#n}get}`,
    use: call('add', 2),
    see: (logic) => logic.add!(),
    shows: 3,
  },
  'fields of a class that ends with a comment': {
    code: `export default class { add() { return ++this.#n } #n = 0 // the count\n} // end`,
    use: call('add', 2),
    see: (logic) => logic.add!(),
    shows: 3,
  },
  'fields of a class expression': {
    code: `const Logic = class { #n = 0; add() { return ++this.#n } }; export default Logic`,
    use: call('add', 2),
    see: (logic) => logic.add!(),
    shows: 3,
  },
  'fields of classes that one function makes': {
    code: `
      const counting = <T extends new (...args: any[]) => object>(Base: T) => class extends Base { #n = 0; up() { return ++this.#n } }
      class A {} ; class Other extends counting(A) {}
      export default class extends counting(A) { other = new Other() as any; upOther() { return this.other.up() } }`,
    use: (logic) => [logic.up!(), logic.upOther!(), logic.upOther!()],
    see: (logic) => [logic.up!(), logic.upOther!()],
    shows: [2, 3],
  },
  'what stands under computed and quoted names': {
    code: `const key = 'the count'; export default class { [key] = 0; 'a b' = 1; add() { return [++this[key], ++this['a b']] } }`,
    use: call('add', 2),
    see: (logic) => logic.add!(),
    shows: [3, 4],
  },
  'a cache in a constant of the module': {
    code: `const cache = new Map<number, number>(); export default class { put(n: number) { cache.set(n, n * 2) } see() { return [...cache] } }`,
    use: call('put', 2),
    see: (logic) => logic.see!(),
    shows: [
      [0, 0],
      [1, 2],
    ],
  },
  'an edited constant of the module, which nothing has changed': {
    code: `const LABELS = ['a', 'b']; export default class { labels = LABELS; n = 0; up() { this.n++ } see() { return [this.n, this.labels, this.labels === LABELS] } }`,
    next: `const LABELS = ['a', 'c']; export default class { labels = LABELS; n = 0; up() { this.n++ } see() { return [this.n, this.labels, this.labels === LABELS] } }`,
    use: () => {},
    see: (logic) => logic.see?.(),
    shows: [0, ['a', 'c'], true],
  },
}

for (const [title, { code, next, use, see, shows }] of Object.entries(cases))
  test(`${title}: carried`, async () => {
    const { logic, old, line } = await carryOver(code, use, next)
    expect(line).toBe(undefined)
    expect(see(logic, old)).toEqual(shows)
  })
