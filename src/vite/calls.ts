import { readLoad, type Load } from './load.js'
import { findBinding } from './scope.js'
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
}

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
    const mayFallBack = node.arguments.length > 1 && hasFallback(node.arguments[1]!, ancestors)
    calls.push({ name, callee, start: argument.start, end: argument.end, load, mayFallBack })
  })
  return calls
}

/** Whether options have a fallback that is not seen to make a worker. Where that cannot be told, they may. */
function hasFallback(argument: Node, ancestors: readonly Node[]): boolean {
  const options = follow(unwrap(argument), ancestors)
  if (options.type !== 'ObjectExpression') return true
  return options.properties.some((property) => {
    if (property.type !== 'Property' || property.computed) return true
    const { key } = property
    if ((key.type === 'Identifier' ? key.name : key.type === 'Literal' && key.value) !== 'fallback')
      return false
    return readLoad(follow(unwrap(property.value), ancestors)).kind !== 'worker'
  })
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
