import { parseAst, type ESTree } from 'vite'

/** Any node of a parsed module. */
export type Node = ESTree.Node

/** Parses a module. If that is not said, code without imports and exports is a script, where `await { … }` is an error. */
export const parseModule = (code: string) => parseAst(code, { sourceType: 'module' })

/**
 * Calls `visit` for a node and everything below it, parents first.
 *
 * @param visit gets the node and its ancestors, the outermost first. The array is reused: copy it to keep it.
 */
export function walk(node: Node, visit: (node: Node, ancestors: readonly Node[]) => void): void {
  const ancestors: Node[] = []
  const enter = (node: Node) => {
    visit(node, ancestors)
    ancestors.push(node)
    for (const value of Object.values(node)) {
      for (const child of Array.isArray(value) ? value : [value]) if (isNode(child)) enter(child)
    }
    ancestors.pop()
  }
  enter(node)
}

/** The node without the parentheses around it. */
export function unwrap(node: Node): Node {
  return node.type === 'ParenthesizedExpression' ? unwrap(node.expression) : node
}

/** Whether a node is a function of any form. */
export function isFunction(node: Node): node is ESTree.Function | ESTree.ArrowFunctionExpression {
  return (
    node.type === 'ArrowFunctionExpression' ||
    node.type === 'FunctionExpression' ||
    node.type === 'FunctionDeclaration'
  )
}

function isNode(value: unknown): value is Node {
  return typeof value === 'object' && value !== null && typeof (value as { type?: unknown }).type === 'string'
}
