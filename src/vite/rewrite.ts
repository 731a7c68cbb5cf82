import { walk, type Node } from './walk.js'

/** A stretch of code that is to become the default import of a module. */
export interface Replacement {
  start: number
  end: number
  /** The module to import. */
  specifier: string
  /**
   * In development, the call whose load this is. A function of the module takes its place, which tells the run of the
   * module, so that the next run gets the same thread.
   */
  call?: { isTopLevel: boolean }
}

/**
 * Replaces stretches of code by imported names without moving anything else: a name never takes more room than
 * what it replaces, the rest of the room is filled with spaces, line breaks stay, and the imports are appended
 * at the end, where they are hoisted from. So the source map of the code stays true as it is.
 */
export function replaceInPlace(code: string, program: Node, replacements: readonly Replacement[]): string {
  const taken = namesIn(program)
  const names = new Map<string, string>()
  let result = code
  for (const { start, end, specifier, call } of replacements) {
    const old = code.slice(start, end)
    const room = old.search(/[\n\r]|$/)
    const known = names.get(specifier)
    const isKnown = known !== undefined && (call !== undefined || known.length <= room)
    const imported = isKnown ? known : freeName(call ? Infinity : room, taken)
    if (!isKnown) result += `\nimport ${imported} from ${JSON.stringify(specifier)};`
    names.set(specifier, imported)
    const name = call ? freeName(room, taken) : imported
    if (call) result += `\n${callCode(name, imported, call.isTopLevel)}`
    const rest = old.slice(name.length).replace(/[^\n\r]/g, ' ')
    result = result.slice(0, start) + name + rest + result.slice(start + name.length + rest.length)
  }
  const last = replacements.find(({ call }) => call?.isTopLevel)
  if (last) {
    const name = freeName(Infinity, taken)
    result += `\nimport { evaluated as ${name} } from ${JSON.stringify(last.specifier)};\n${name}(import.meta.url);`
  }
  return result
}

/** The function in the place of a load. `src/hot/calls.ts` knows it by the name of its parameter. */
const callCode = (name: string, load: string, isTopLevel: boolean) =>
  `function ${name}(bgthreadCall) { return typeof bgthreadCall === 'function' ` +
  `? bgthreadCall(import.meta.url, ${isTopLevel}, ${load}) : ${load}(bgthreadCall) }`

/** Whether the name of a load is that of a function in its place. */
export const isCallCode = (code: string, name: string) => code.includes(`function ${name}(bgthreadCall)`)

/** Adds an import of a module for its effects. Nothing moves, so the source map stays true. */
export const addImport = (code: string, specifier: string) => `${code}\nimport ${JSON.stringify(specifier)};`

/** Puts `undefined` in the place of an expression, without moving anything else. */
export function blank(code: string, { start, end }: { start: number; end: number }): string {
  return code.slice(0, start) + 'void 0'.padEnd(end - start) + code.slice(end)
}

function namesIn(program: Node): Set<string> {
  const names = new Set<string>()
  walk(program, (node) => {
    if (node.type === 'Identifier') names.add(node.name)
  })
  return names
}

/** A name that the module does not use, as readable as the room allows. */
function freeName(room: number, taken: Set<string>): string {
  for (const stem of ['bgSpawn', '$', '_']) {
    for (let i = 0; `${stem}${i}`.length <= room; i++) if (claim(`${stem}${i}`, taken)) return `${stem}${i}`
  }
  for (const letter of 'abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ$_')
    if (claim(letter, taken)) return letter
  return freeName(Infinity, taken)
}

function claim(name: string, taken: Set<string>): boolean {
  if (taken.has(name)) return false
  taken.add(name)
  return true
}
