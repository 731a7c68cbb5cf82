// @vitest-environment node
import { expect, test } from 'vitest'
import { carryOver, type AnyLogic, type Files, type Options } from './support.js'

interface Case {
  code: string | Files
  next?: string | Files
  use?: (logic: AnyLogic) => unknown
  options?: Options
  /** What the line on the console names. */
  names: string
}

const up = (logic: AnyLogic) => logic.up!()
const counter =
  'export default class Todos { #count = 0; up() { this.#count++ } see() { return this.#count } }'

const cases: Record<string, Case> = {
  'a field whose initial value was edited': {
    code: counter,
    next: counter.replace('#count = 0', '#count = 5'),
    use: up,
    names: 'Todos.#count has another initial value now',
  },
  'a field whose initial value is made of an edited constant': {
    code: `const FIRST = 1; ${counter.replace('= 0', '= FIRST')}`,
    next: `const FIRST = 2; ${counter.replace('= 0', '= FIRST')}`,
    use: up,
    names: 'Todos.#count has another initial value now',
  },
  'a new field': {
    code: counter,
    next: counter.replace('#count = 0', '#count = 0; #total = 0'),
    use: up,
    names: 'Todos.#total is new',
  },
  'a field that is gone': {
    code: counter.replace('#count = 0', '#count = 0; #total = 0'),
    next: counter,
    use: up,
    names: 'Todos.#total is gone',
  },
  'an edited constructor': {
    code: counter.replace('up()', 'constructor() { this.a = 1 } up()'),
    next: counter.replace('up()', 'constructor() { this.a = 2 } up()'),
    use: up,
    names: 'the constructor of Todos was edited',
  },
  'an edited variable that was assigned': {
    code: 'let next = 1; export default class Todos { up() { next++ } }',
    next: 'let next = 2; export default class Todos { up() { next++ } }',
    use: up,
    names: 'the variable next of src/logic.ts has another initial value now',
  },
  'an edited constant that was changed': {
    code: 'const list = [1]; export default class Todos { up() { list.push(9) } }',
    next: 'const list = [2]; export default class Todos { up() { list.push(9) } }',
    use: up,
    names: 'the variable list of src/logic.ts has another initial value now',
  },
  'an object that a method made of a class': {
    code: 'class Item { n = 1 } export default class Todos { #items: Item[] = []; up() { this.#items.push(new Item()) } }',
    use: up,
    names: 'Todos.#items[0] is an object that the new code does not make when it starts',
  },
  'a promise': {
    code: 'export default class Todos { #ready = Promise.resolve(1) }',
    names: 'Todos.#ready holds a promise',
  },
  'a WeakMap': {
    code: 'export default class Todos { #seen = new WeakMap() }',
    names: 'Todos.#seen holds a WeakMap',
  },
  'a WeakMap of the module': {
    code: 'const seen = new WeakMap(); export default class Todos {}',
    names: 'the variable seen of src/logic.ts holds a WeakMap',
  },
  'a generator that runs': {
    code: 'function* count() { let n = 0; while (true) yield n++ } export default class Todos { #ids = count() }',
    names: 'Todos.#ids holds a running generator',
  },
  'an AbortController deep in a map': {
    code: `export default class Todos { #jobs = new Map(); up() { this.#jobs.set('a', { stop: new AbortController() }) } }`,
    use: up,
    names: 'Todos.#jobs.get("a").stop holds an AbortController',
  },
  'an EventTarget': {
    code: 'export default class Todos { bus = new EventTarget() }',
    names: 'Todos.bus holds an EventTarget',
  },
  'a logic that extends EventTarget': {
    code: 'export default class Todos extends EventTarget {}',
    names: 'EventTarget, a class that it extends, is not in one of your modules',
  },
  'a timer': {
    code: 'export default class Todos { #timer = 0; up() { this.#timer = 2000000007 } }',
    use: up,
    options: { timers: new Set([2_000_000_007]) },
    names: 'Todos.#timer is a timer that is still to fire',
  },
  'a timer in a map': {
    code: `export default class Todos { #timers = new Map(); up() { this.#timers.set('x', 2000000007) } }`,
    use: up,
    options: { timers: new Set([2_000_000_007]) },
    names: 'Todos.#timers.get("x") is a timer that is still to fire',
  },
  'a function that was given later': {
    code: 'export default class Todos { #listeners = new Set(); up() { this.#listeners.add(() => 1) } }',
    use: up,
    names: 'Todos.#listeners.item(0) holds a function that was made later',
  },
  'an object of a package': {
    code: { 'logic.ts': `import { Db } from './db'; export default class Todos { #db = new Db() }` },
    options: { packages: { 'db.ts': 'export class Db { rows = [] }' } },
    names: 'Todos.#db holds an instance of Db',
  },
  'a base class of a package': {
    code: { 'logic.ts': `import { Base } from './base'; export default class Todos extends Base {}` },
    options: { packages: { 'base.ts': 'export class Base { #n = 0 }' } },
    names: 'Base, a class that it extends, is not in one of your modules',
  },
  'a store of another library': {
    code: { 'logic.ts': `import { store } from './store'; const s = store(); export default class Todos {}` },
    options: { packages: { 'store.ts': 'export const store = () => ({ subscribe() {}, set() {} })' } },
    names: 'the variable s of src/logic.ts holds a store that was not made by state()',
  },
  'a counter in a closure that a field holds': {
    code: `const counter = () => { let n = 0; return () => ++n }; export default class Todos { #next = counter(); up() { this.#next() } }`,
    names: 'Todos.#next is a function that keeps state in its variable n',
  },
  'a counter in a closure that the module holds': {
    code: `function counter() { let n = 0; return { next() { return ++n } } } const ids = counter(); export default class Todos { up() { ids.next() } }`,
    names: 'the variable ids of src/logic.ts holds a function that keeps state in its variable n',
  },
  'a cache in a closure of the constructor': {
    code: `export default class Todos { find: any; constructor() { const seen = new Map(); this.find = (n: number) => { seen.set(n, n); return seen.size } } }`,
    names: 'Todos.find is a function that keeps state in its variable seen',
  },
  'a count that is a property of a function': {
    code: `function next() { return next.count++ } next.count = 0; export default class Todos { up() { next() } }`,
    use: up,
    names: 'the properties of the function next in src/logic.ts have changed',
  },
}

for (const [title, { code, next, use, options, names }] of Object.entries(cases))
  test(`${title}: the logic starts anew, and one line names it`, async () => {
    const { line } = await carryOver(code, use, next, options)
    expect(line).toContain(`thread 'todos'`)
    expect(line).toContain(names)
    expect(line).toContain('saveState() and restoreState(state)')
  })

test('a logic that starts anew has nothing of the old one', async () => {
  const { logic } = await carryOver(counter, up, counter.replace('= 0', '= 5'))
  expect(logic.see!()).toBe(5)
})
