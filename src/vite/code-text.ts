/** The text of code as far as it decides on state: without positions, comments and white space. */
import { createHash } from 'node:crypto'
import { isFunction, unwrap, walk, type Node } from './walk.js'

/** A short text that is another one where the code is. */
export const hash = (text: string) => createHash('sha256').update(text).digest('base64url').slice(0, 12)

/** The text of a node. */
export function textOf(node: Node | null | undefined): string {
  return JSON.stringify(node ?? null, (key, value: unknown) => {
    if (key === 'start' || key === 'end' || key === 'raw' || key === 'loc' || key === 'range')
      return undefined
    if (typeof value === 'bigint') return `${value}n`
    const { type, expression } = Object(value) as { type?: string; expression?: unknown }
    return type === 'ParenthesizedExpression' ? expression : value
  })
}

/** The text of a first value. Functions in it are code, and not state. */
export function valueText(node: Node | null | undefined): string {
  if (!node) return 'undefined'
  const value = unwrap(node)
  if (isCode(value)) return 'code'
  if (value.type === 'ArrayExpression')
    return `[${value.elements.map((element) => valueText(element)).join()}]`
  if (value.type === 'ObjectExpression')
    return `{${value.properties
      .map((property) =>
        property.type === 'Property'
          ? `${property.kind}${textOf(property.key)}${property.computed}:${property.kind === 'init' ? valueText(property.value) : 'code'}`
          : textOf(property),
      )
      .join()}}`
  return textOf(value)
}

/** Whether a value is a function or a class. */
export const isCode = (node: Node) => isFunction(node) || node.type === 'ClassExpression'

/** The text of a constructor. A function that it gives to a property of `this` is code. */
export function constructorText(node: Node): string {
  const functions: Node[] = []
  walk(node, (inner) => {
    if (inner.type !== 'AssignmentExpression' || inner.left.type !== 'MemberExpression') return
    if (inner.left.object.type === 'ThisExpression' && isCode(unwrap(inner.right)))
      functions.push(unwrap(inner.right))
  })
  const texts = functions.map(textOf)
  return texts.reduce((text, code) => text.replace(code, () => '"code"'), textOf(node))
}

/** The names that code uses. */
export function namesIn(node: Node | null | undefined): Set<string> {
  const names = new Set<string>()
  if (node)
    walk(node, (inner) => {
      if (inner.type === 'Identifier') names.add(inner.name)
    })
  return names
}
