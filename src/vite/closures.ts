/**
 * Functions that keep state in variables of the function around them, as a counter does:
 * `const counter = () => { let n = 0; return () => ++n }`. From outside, that state cannot be seen.
 */
import { namesOf } from './module-names.js'
import { isFunction, unwrap, walk, type Node } from './walk.js'

/** A function, as it writes itself, and the variable that holds its state. */
export interface Closure {
  text: string
  variable: string
}

const mutating = /^(?:set|add|delete|clear|push|pop|shift|unshift|splice|sort|reverse|fill|copyWithin)$/
const timers = /^(?:setTimeout|setInterval|requestAnimationFrame)$/

export function findClosures(program: Node, code: string): Closure[] {
  const locals = new Map<Node, Map<string, Node | null>>()
  walk(program, (node, ancestors) => {
    if (isFunction(node)) {
      locals.set(node, locals.get(node) ?? new Map())
      for (const param of node.params) declare(param, null, locals.get(node)!)
    }
    const around = innermost(ancestors)
    if (!around) return
    const names = locals.get(around)!
    if (node.type === 'VariableDeclarator') declare(node.id, node.init, names)
    else if ((node.type === 'FunctionDeclaration' || node.type === 'ClassDeclaration') && node.id)
      names.set(node.id.name, null)
    else if (node.type === 'CatchClause' && node.param) declare(node.param, null, names)
  })
  /** The function that a name is a local variable of. */
  const ownerOf = (name: string, ancestors: readonly Node[]) => {
    for (let i = ancestors.length - 1; i >= 0; i--)
      if (locals.get(ancestors[i]!)?.has(name)) return ancestors[i]
  }

  const stateful = new Map<Node, Set<string>>()
  const change = (name: string | undefined, ancestors: readonly Node[], isWhole: boolean) => {
    if (name === undefined) return
    const owner = ownerOf(name, ancestors)
    if (!owner || owner === innermost(ancestors)) return
    const init = locals.get(owner)?.get(name)
    // What is inside something that comes from elsewhere is seen there.
    if (!isWhole && !(init && /^(?:Array|Object|New)Expression$/.test(unwrap(init).type))) return
    stateful.set(owner, (stateful.get(owner) ?? new Set()).add(name))
  }
  walk(program, (node, ancestors) => {
    if (node.type === 'AssignmentExpression' && !isPending(node.right)) changeAll(node.left, ancestors)
    else if (node.type === 'UpdateExpression') changeAll(node.argument, ancestors)
    else if (node.type === 'UnaryExpression' && node.operator === 'delete')
      changeAll(node.argument, ancestors)
    else if (node.type === 'CallExpression') {
      const callee = unwrap(node.callee)
      if (callee.type !== 'MemberExpression' || callee.property.type !== 'Identifier') return
      if (mutating.test(callee.property.name)) change(baseOf(callee.object), ancestors, false)
    }
  })
  function changeAll(target: Node, ancestors: readonly Node[]): void {
    if (unwrap(target).type === 'MemberExpression') return change(baseOf(target), ancestors, false)
    for (const name of namesOf(target)) change(name, ancestors, true)
  }
  if (!stateful.size) return []

  const found = new Map<Node, Closure>()
  walk(program, (node, ancestors) => {
    if (node.type !== 'Identifier') return
    const owner = ownerOf(node.name, ancestors)
    if (!owner || !stateful.get(owner)?.has(node.name)) return
    for (let i = ancestors.indexOf(owner) + 1; i < ancestors.length; i++) {
      const inner = ancestors[i]!
      if (!isFunction(inner)) continue
      const parent = ancestors[i - 1]
      const isMethod =
        parent?.type === 'MethodDefinition' ||
        (parent?.type === 'Property' && (parent.method || parent.kind !== 'init'))
      const { start, end } = isMethod ? parent : inner
      found.set(inner, { text: code.slice(start, end), variable: node.name })
    }
  })
  return [...found.values()]
}

/** A timer under way is no state, and ends with the worker. */
function isPending(value: Node): boolean {
  const node = unwrap(value)
  if (node.type === 'CallExpression')
    return node.callee.type === 'Identifier' && timers.test(node.callee.name)
  return (
    (node.type === 'Literal' && node.value === null) ||
    (node.type === 'Identifier' && node.name === 'undefined') ||
    (node.type === 'UnaryExpression' && node.operator === 'void')
  )
}

function innermost(ancestors: readonly Node[]): Node | undefined {
  for (let i = ancestors.length - 1; i >= 0; i--) if (isFunction(ancestors[i]!)) return ancestors[i]
}

/** The variable that holds what an expression is a part of. */
function baseOf(node: Node): string | undefined {
  const inner = unwrap(node)
  if (inner.type === 'MemberExpression') return baseOf(inner.object)
  return inner.type === 'Identifier' ? inner.name : undefined
}

/** Takes note of the names in a pattern. A variable that is no pattern has a first value. */
function declare(pattern: Node, init: Node | null, names: Map<string, Node | null>): void {
  for (const name of namesOf(pattern)) names.set(name, pattern.type === 'Identifier' ? init : null)
}
