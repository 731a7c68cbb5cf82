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
  'a constant map with objects of a class for values that the constructor makes': {
    code: `
      class Room { #people: string[] = []; enter(name: string) { this.#people.push(name); return this.#people } }
      const rooms = new Map([['hall', new Room()], ['attic', new Room()]])
      export default class { enter(room: string, name: string) { return rooms.get(room)!.enter(name) } }`,
    use: (logic) => [logic.enter!('hall', 'ada'), logic.enter!('attic', 'bob')],
    see: (logic) => [logic.enter!('hall', 'eve'), logic.enter!('attic', 'dan')],
    shows: [
      ['ada', 'eve'],
      ['bob', 'dan'],
    ],
  },
  'objects that the constructor makes in an order, after it has changed': {
    code: `
      class Lane { #n = 0; constructor(public name: string) {} up() { return this.name + ++this.#n } }
      export default class { #lanes = ['a', 'b'].map((name) => new Lane(name)); turn() { this.#lanes.reverse() } up() { return this.#lanes.map((lane) => lane.up()) } }`,
    use: (logic) => [logic.up!(), logic.turn!(), logic.up!()],
    see: (logic) => logic.up!(),
    shows: ['b3', 'a3'],
  },
  'an object that knows the logic': {
    code: `
      class Child { constructor(private parent: { n: number }) {} up() { return ++this.parent.n } }
      export default class { n = 0; #child = new Child(this); up() { return [this.#child.up(), this.n] } }`,
    use: call('up', 2),
    see: (logic) => logic.up!(),
    shows: [3, 3],
  },
  'a cell that an object of another class and the logic share': {
    code: `
      import { state } from 'bgthread/worker'
      class Writer { constructor(private cell: any) {} write(n: number) { this.cell.set(n) } }
      export default class { #cell = state(0); #writer = new Writer(this.#cell); write(n: number) { this.#writer.write(n) } see() { return this.#cell.get() } }`,
    use: (logic) => logic.write!(5),
    see: (logic) => [logic.see!(), (logic.write!(6), logic.see!())],
    shows: [5, 6],
  },
  'what a function of a field has got to hold': {
    code: `
      const over = (map: Map<string, number>) => ({ get: (key: string) => map.get(key) })
      export default class { #map = new Map<string, number>(); #view = over(this.#map); put(n: number) { this.#map.set('n', n) } see() { return this.#view.get('n') } }`,
    use: (logic) => logic.put!(5),
    see: (logic) => logic.see!(),
    shows: 5,
  },
  'a function of the module that a method chose': {
    code: `const up = (n: number) => n + 1; function down(n: number) { return n - 1 }; export default class { #step = up; flip() { this.#step = down } see() { return this.#step(1) } }`,
    next: `const up = (n: number) => n + 1; function down(n: number) { return n - 2 }; export default class { #step = up; flip() { this.#step = down } see() { return this.#step(1) } }`,
    use: call('flip', 1),
    see: (logic) => logic.see!(),
    shows: -1,
  },
  'one of several arrow functions that a method chose': {
    code: `export default class { a = () => 'a'; b = () => 'b'; #now = this.a; flip() { this.#now = this.b } see() { return this.#now() } }`,
    use: call('flip', 1),
    see: (logic) => logic.see!(),
    shows: 'b',
  },
  'a symbol of the module': {
    code: `const IDLE = Symbol('idle'), BUSY = Symbol('busy'); export default class { #status = IDLE; work() { this.#status = BUSY } see() { return this.#status === BUSY } }`,
    use: call('work', 1),
    see: (logic) => logic.see!(),
    shows: true,
  },
  'the item of a constant list that is chosen': {
    code: `const THEMES = [{ name: 'day' }, { name: 'night' }]; export default class { #theme = THEMES[0]!; pick(i: number) { this.#theme = THEMES[i]! } see() { return [this.#theme.name, THEMES.indexOf(this.#theme)] } }`,
    use: (logic) => logic.pick!(1),
    see: (logic) => logic.see!(),
    shows: ['night', 1],
  },
  'an enumeration': {
    code: `enum Status { Idle, Busy } export default class { #status = Status.Idle; work() { this.#status = Status.Busy } see() { return Status[this.#status] } }`,
    use: call('work', 1),
    see: (logic) => logic.see!(),
    shows: 'Busy',
  },
  'a formatter beside what can be carried': {
    code: `export default class { #format = new Intl.NumberFormat('en'); #encoder = new TextEncoder(); #n = 0; up() { this.#n += 1000 } see() { return [this.#format.format(this.#n), this.#encoder.encode('a').length] } }`,
    use: call('up', 2),
    see: (logic) => logic.see!(),
    shows: ['2,000', 1],
  },
  'a client of a package that the module makes': {
    code: {
      'logic.ts': `import { Client } from './client'; const client = new Client(); export default class { #client = client; #n = 0; up() { this.#n++ } see() { return [this.#n, this.#client === client] } }`,
      'client.ts': `export class Client { #key = 1 }`,
    },
    use: call('up', 2),
    see: (logic) => logic.see!(),
    shows: [2, true],
  },
  'a class that extends Map': {
    code: `class Rows extends Map<number, string> { #n = 0; put(s: string) { this.set(++this.#n, s) } } export default class { #rows = new Rows(); put(n: number) { this.#rows.put('r' + n) } see() { return [...this.#rows] } }`,
    use: call('put', 2),
    see: (logic) => (logic.put!(2), logic.see!()),
    shows: [
      [1, 'r0'],
      [2, 'r1'],
      [3, 'r2'],
    ],
  },
  'memory that a constant of the module shows in two ways': {
    code: `const memory = new ArrayBuffer(8); const bytes = new Uint8Array(memory), words = new Uint16Array(memory, 2, 1); export default class { put() { bytes[2] = 7 } see() { return [words[0], bytes.buffer === memory] } }`,
    use: call('put', 1),
    see: (logic) => logic.see!(),
    shows: [7, true],
  },
  'an expression with a position': {
    code: `const words = /\\w+/g; export default class { next() { return words.exec('a b c')?.[0] } }`,
    use: call('next', 2),
    see: (logic) => logic.next!(),
    shows: 'c',
  },
  'a destructured variable that is assigned, and a var in a block': {
    code: `let [first, { second }] = [1, { second: 2 }]; if (first) { var third = 3 } export default class { up() { return [++first, ++second, ++third] } }`,
    use: call('up', 2),
    see: (logic) => logic.up!(),
    shows: [4, 5, 6],
  },
  'an edited variable that is as its module has made it': {
    code: `let debug = false; export default class { n = 0; up() { this.n++ } toggle() { debug = !debug } see() { return [this.n, debug] } }`,
    next: `let debug = 1; export default class { n = 0; up() { this.n++ } toggle() { debug = !debug } see() { return [this.n, debug] } }`,
    use: call('up', 2),
    see: (logic) => logic.see!(),
    shows: [2, 1],
  },
  'fields beside those of a module that is new': {
    code: `export default class { n = 0; up() { this.n++ } see() { return this.n } }`,
    next: {
      'logic.ts': `import { more } from './more'; export default class { n = 0; up() { this.n++ } see() { return [this.n, more()] } }`,
      'more.ts': `let n = 0; export const more = () => ++n`,
    },
    use: call('up', 2),
    see: (logic) => logic.see!(),
    shows: [2, 1],
  },
  'an object with methods and accessors that a field holds': {
    code: `export default class { #list = { items: [] as number[], get size() { return this.items.length }, add(n: number) { this.items.push(n) } }; add(n: number) { this.#list.add(n) } see() { return [this.#list.size, this.#list.items] } }`,
    use: call('add', 2),
    see: (logic) => (logic.add!(2), logic.see!()),
    shows: [3, [0, 1, 2]],
  },
  'a registry that modules fill when they run, and another entry of it': {
    code: {
      'logic.ts': `import { kinds } from './kinds'; import './circle'; export default class { n = 0; up() { this.n++ } see() { return [this.n, Object.keys(kinds)] } }`,
      'kinds.ts': `export const kinds: Record<string, () => number> = {}`,
      'circle.ts': `import { kinds } from './kinds'; kinds.circle = () => 1`,
    },
    next: {
      'logic.ts': `import { kinds } from './kinds'; import './circle'; export default class { n = 0; up() { this.n++ } see() { return [this.n, Object.keys(kinds)] } }`,
      'kinds.ts': `export const kinds: Record<string, () => number> = {}`,
      'circle.ts': `import { kinds } from './kinds'; kinds.circle = () => 1; kinds.square = () => 2`,
    },
    use: call('up', 2),
    see: (logic) => logic.see!(),
    shows: [2, ['circle', 'square']],
  },
}

for (const [title, { code, next, use, see, shows }] of Object.entries(cases))
  test(`${title}: carried`, async () => {
    const { logic, old, line } = await carryOver(code, use, next)
    expect(line).toBe(undefined)
    expect(see(logic, old)).toEqual(shows)
  })
