/** Two editions of a logic's modules, each in a realm of its own as far as the library knows. */
import { transformWithOxc } from 'vite'
import { makeCarry } from '../../src/hot/carry.js'
import type { Carry } from '../../src/core/realm.js'
import { state, stream } from '../../src/core/worker.js'
import { addCarrying } from '../../src/vite/carry-code.js'
import { vi } from 'vitest'

/** What a logic of a test is: anything. */
export type AnyLogic = Record<string, (...args: unknown[]) => unknown> & object

/** Modules by their names; `logic` is the first that runs. */
export type Files = Record<string, string>

const global = globalThis as { bgthreadTest?: Record<string, unknown> }
let edition = 0

export interface Options {
  args?: unknown[]
  /** Ids of timers that are still to fire. */
  timers?: ReadonlySet<number>
  /** Modules that are a package's, to which nothing is added. */
  packages?: Files
  typescript?: Parameters<typeof transformWithOxc>[2]
}

/** Runs one edition of modules, and makes the logic. */
export async function run(files: Files | string, options: Options = {}) {
  const { args = [], timers = new Set(), packages = {}, typescript = {} } = options
  const carry = makeCarry((id) => timers.has(id))
  const key = `e${edition++}`
  ;(global.bgthreadTest ??= {})[key] = { carry, lib: { state, stream }, modules: {} }
  const all: Files = { ...packages, ...(typeof files === 'string' ? { 'logic.ts': files } : files) }
  const urls = new Map<string, string>()
  const load = async (name: string): Promise<string> => {
    const known = urls.get(name)
    if (known) return known
    let { code } = await transformWithOxc(all[name] ?? '', name, { sourcemap: false, ...typescript })
    if (!Object.hasOwn(packages, name)) code = addCarrying(code, `src/${name}`) ?? code
    code = code
      .replaceAll('globalThis[globalThis.Symbol.for("bgthread")]', `globalThis.bgthreadTest.${key}`)
      .replace(
        /import\s*\{([^}]*)\}\s*from\s*['"]bgthread\/worker['"]/g,
        `const {$1} = globalThis.bgthreadTest.${key}.lib`,
      )
    // What helps a lowered decorator is a package's.
    code = code.replace(
      /import (\w+) from ["']@oxc-project\/runtime\/helpers\/decorate["']/,
      'const $1 = (all, target, key, property) => { for (const one of all) target = one(target, key) ?? target; return key ? property : target }',
    )
    for (const [whole, word = '', specifier = ''] of code.matchAll(/(from|import)\s*['"]\.\/([\w-]+)['"]/g))
      code = code.replace(whole, `${word} ${JSON.stringify(await load(`${specifier}.ts`))}`)
    const url = `data:text/javascript,${encodeURIComponent(`/*${key}*/${code}`)}`
    urls.set(name, url)
    return url
  }
  const module = (await import(/* @vite-ignore */ await load('logic.ts'))) as {
    default: new (...args: unknown[]) => AnyLogic
  }
  const logic = new module.default(...args)
  carry.begin(logic)
  return { logic, carry, module }
}

/** What became of a logic's state. */
export interface Carried {
  old: AnyLogic
  /** The logic that replaces it, whether it has the state or starts anew. */
  logic: AnyLogic
  /** The line on the console, if it starts anew. */
  line: string | undefined
  carry: Carry
}

/** Runs a logic, has it do something, and replaces it by another edition. */
export async function carryOver(
  before: Files | string,
  use: (logic: AnyLogic) => unknown = () => {},
  after: Files | string = before,
  options: Options = {},
): Promise<Carried> {
  const old = await run(before, options)
  await use(old.logic)
  const info = vi.spyOn(console, 'info').mockImplementation(() => {})
  try {
    const state = old.carry.save(old.logic, 'todos')
    const next = await run(after, options)
    if (state !== undefined && !next.carry.restore(next.logic, structuredClone(state), 'todos'))
      throw new Error('not ours')
    const lines = info.mock.calls.map(([line]) => String(line))
    if (lines.length > 1) throw new Error(lines.join('\n'))
    return { old: old.logic, logic: next.logic, line: lines[0], carry: next.carry }
  } finally {
    info.mockRestore()
  }
}
