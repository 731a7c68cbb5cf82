import type { ESTree } from 'vite'
import { readLoad, type Load } from './load.js'
import { findBinding, isInFunction } from './scope.js'
import { unwrap, walk, type Node } from './walk.js'

/** A call of `bgThread`, `bgPool` or `bgCompute` in a module. */
export interface Call {
  /** The name the library gives the function, whatever the module calls it. */
  name: string
  /** The expression that is called. */
  callee: Node
  /** Where the first argument begins and ends in the code. */
  start: number
  end: number
  /** What the first argument loads. */
  load: Load
  /** Whether its options may have a fallback that runs the logic in process. */
  mayFallBack: boolean
  /** The module that its fallback loads, as the import names it, if that can be seen. */
  fallback: string | undefined
  /** Whether its options may have services that this side offers to the thread. */
  mayHost: boolean
  /** What its options say of `shared`. */
  shared: Written
  /** What its options say of `inline`; nothing if they do not have it. */
  inline: Written | undefined
  /** Whether it is in a function, so that running the module alone starts no thread. */
  inFunction: boolean
}

/** What options say of a thread for the build, as far as it is written in the module. */
export type Written =
  | boolean
  /** They have it, and its value is only known at run time. */
  | 'at-run-time'
  /** They come from elsewhere, in whole or in part, and may have it or not. */
  | 'unseen'

const starters = new Set(['bgThread', 'bgPool', 'bgCompute'])

/** Finds the calls that start threads, through renamed and namespace imports, anywhere in a module. */
export function findCalls(program: Node): Call[] {
  const calls: Call[] = []
  walk(program, (node, ancestors) => {
    if (node.type !== 'CallExpression') return
    const callee = unwrap(node.callee)
    const name = starterName(callee, ancestors)
    const argument = node.arguments[0]
    if (!name || !argument) return
    const load = readLoad(follow(unwrap(argument), ancestors))
    // What follows the load of bgCompute are the arguments of the function.
    const options = name === 'bgCompute' ? undefined : node.arguments[1]
    const may = (key: string, matters: (value: Node) => boolean) =>
      options !== undefined && mayHave(options, ancestors, key, matters)
    // One that is seen to make a worker runs nothing in process.
    let fallback: string | undefined
    const mayFallBack = may('fallback', (value) => {
      const load = readLoad(value)
      if (load.kind === 'target') fallback = load.target.specifier
      return load.kind !== 'worker'
    })
    const mayHost = may('host', (value) => !isNotGiven(value))
    const written = (key: string) => options && writtenIn(options, ancestors, key)
    const shared = (name === 'bgThread' && written('shared')) ?? false
    const inline = written('inline')
    const inFunction = isInFunction(ancestors)
    const { start, end } = argument
    calls.push({ name, callee, start, end, load, mayFallBack, fallback, mayHost, shared, inline, inFunction })
  })
  return calls
}

/** Whether options have a value that `matters` under a key. Where that cannot be told, they may. */
function mayHave(
  argument: Node,
  ancestors: readonly Node[],
  key: string,
  matters: (value: Node) => boolean,
): boolean {
  const options = follow(unwrap(argument), ancestors)
  if (isNotGiven(options)) return false
  if (options.type !== 'ObjectExpression') return true
  return options.properties.some((property) => {
    if (property.type === 'SpreadElement') return mayHave(property.argument, ancestors, key, matters)
    if (property.computed) return true
    return keyOf(property) === key && matters(follow(unwrap(property.value), ancestors))
  })
}

/** What options say of a key; nothing if they do not have it. */
function writtenIn(argument: Node, ancestors: readonly Node[], key: string): Written | undefined {
  const options = follow(unwrap(argument), ancestors)
  if (isNotGiven(options)) return undefined
  if (options.type !== 'ObjectExpression') return 'unseen'
  // Of two that have it the last one holds.
  for (const property of [...options.properties].reverse()) {
    if (property.type === 'SpreadElement') {
      const written = writtenIn(property.argument, ancestors, key)
      if (written !== undefined) return written
    } else if (property.computed) {
      return 'unseen'
    } else if (keyOf(property) === key) {
      const value = follow(unwrap(property.value), ancestors)
      if (isNotGiven(value)) return undefined
      return value.type === 'Literal' && typeof value.value === 'boolean' ? value.value : 'at-run-time'
    }
  }
}

const isNotGiven = (node: Node) =>
  (node.type === 'Identifier' && node.name === 'undefined') ||
  (node.type === 'Literal' && node.raw === 'null')

function keyOf({ key }: ESTree.ObjectProperty): unknown {
  return key.type === 'Identifier' ? key.name : key.type === 'Literal' && key.value
}

/** The name the library gives a function that starts threads, where `callee` stands for one. */
export function starterName(callee: Node, ancestors: readonly Node[]): string | undefined {
  if (callee.type === 'Identifier') {
    const binding = findBinding(callee.name, ancestors)
    if (binding?.kind !== 'import' || binding.source !== 'bgthread') return undefined
    return starters.has(binding.imported) ? binding.imported : undefined
  }
  if (callee.type !== 'MemberExpression' || callee.computed) return undefined
  const object = unwrap(callee.object)
  if (object.type !== 'Identifier' || callee.property.type !== 'Identifier') return undefined
  const binding = findBinding(object.name, ancestors)
  if (binding?.kind !== 'import' || binding.source !== 'bgthread' || binding.imported !== '*')
    return undefined
  return starters.has(callee.property.name) ? callee.property.name : undefined
}

/** The function behind `load` where `const load = () => import('./x')` stands in the same module. */
function follow(argument: Node, ancestors: readonly Node[]): Node {
  if (argument.type !== 'Identifier') return argument
  const binding = findBinding(argument.name, ancestors)
  return binding?.kind === 'value' ? unwrap(binding.value) : argument
}
