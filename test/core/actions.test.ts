import { describe, expect, it } from 'vitest'
import { actionsOf, isFunctionField, isHidden } from '../../src/core/actions.js'

const namesOf = (logic: object) => [...actionsOf(logic).keys()].sort()

class Base {
  inherited() {}
  overridden() {}
  madeAccessor() {}
  madeData() {}
}
class App extends Base {
  field = 1
  functionField = () => {}
  static made() {}
  #secret() {}
  add() {
    return this.#secret()
  }
  override overridden() {}
  async load() {}
  *each() {}
  async *watch() {}
  _private() {}
  __proto() {}
  onStart() {}
  onStop() {}
  onConnect() {}
  onDisconnect() {}
  saveState() {}
  restoreState() {}
  then() {}
  toJSON() {}
  [Symbol.iterator]() {}
  [Symbol.toPrimitive]() {}
  get accessor(): () => void {
    return expect.unreachable()
  }
  set setter(_: unknown) {
    expect.unreachable()
  }
}
Object.defineProperty(App.prototype, 'madeAccessor', { get: () => expect.unreachable() })
Object.defineProperty(App.prototype, 'madeData', { value: 1 })

describe('actionsOf', () => {
  it("a class instance's actions are the methods of its class chain", () => {
    expect(namesOf(new App())).toEqual(['add', 'each', 'inherited', 'load', 'overridden', 'watch'])
    expect(actionsOf(new App()).get('overridden')).toBe(App.prototype.overridden)
  })

  const builtins = [Object, Function, Array, Promise, Map, Symbol, Error]
  const names = new Set(
    builtins.flatMap((it) => [
      ...Object.getOwnPropertyNames(it.prototype),
      ...Object.getOwnPropertyNames(it),
    ]),
  )
  it.each([new App(), { add() {} }, Object.assign(Object.create(null) as object, { add() {} })])(
    'no name that every object, function, array or promise has is one (%#)',
    (logic) => {
      const actions = actionsOf(logic)
      expect(names.size).toBeGreaterThan(100)
      for (const name of names) expect(actions.get(name)).toBeUndefined()
      expect(actions.get('add')).toBeDefined()
    },
  )

  it('every name is a text: no symbol is one', () => {
    for (const name of actionsOf(new App()).keys()) expect(typeof name).toBe('string')
  })

  it("a plain object's actions are its own functions", () => {
    const logic = {
      add() {},
      load: async () => {},
      count: 1,
      _private() {},
      get accessor() {
        return expect.unreachable()
      },
    }
    expect(namesOf(logic)).toEqual(['add', 'load'])
    expect(namesOf(Object.setPrototypeOf(logic, null) as object)).toEqual(['add', 'load'])
  })

  it("a plain object's prototype gives none, as a forged __proto__ would", () => {
    const logic = JSON.parse('{"__proto__":1}') as Record<string, unknown>
    logic.add = () => {}
    expect(namesOf(logic)).toEqual(['add'])
  })

  it('an object made from another object has the methods of that one', () => {
    expect(namesOf(Object.create({ add() {}, _b() {} }) as object)).toEqual(['add'])
  })

  it('what is changed later changes nothing', () => {
    const logic = { add() {} } as Record<string, unknown>
    const actions = actionsOf(logic)
    logic.remove = () => {}
    expect([...actions.keys()]).toEqual(['add'])
  })
})

describe('isHidden', () => {
  it.each('_ _a __proto__ __defineGetter__ constructor then toJSON onStart onStop saveState'.split(' '))(
    '%s is',
    (name) => {
      expect(isHidden(name)).toBe(true)
    },
  )
  it.each(['add', 'on', 'a_', 'inspect', ''])('%j is not', (name) => {
    expect(isHidden(name)).toBe(false)
  })
})

describe('isFunctionField', () => {
  it('is a function that the instance itself has, and runs no accessor', () => {
    const app = new App()
    expect(isFunctionField(app, 'functionField')).toBe(true)
    expect(['field', 'add', 'toString', 'nothing'].some((name) => isFunctionField(app, name))).toBe(false)
    expect(
      isFunctionField(
        {
          get a() {
            return expect.unreachable()
          },
        },
        'a',
      ),
    ).toBe(false)
  })
})
