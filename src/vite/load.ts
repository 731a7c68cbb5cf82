import { isFunction, unwrap, walk, type Node } from './walk.js'

/** The logic a load leads to: which export of which module. */
export interface Target {
  /** The module, as the import names it: `./todo-app`. */
  specifier: string
  /** The name of the export, `default` where none is picked. */
  exported: string
}

/** What reading a load function found out. */
export type Load =
  /** `() => import('./x')` and its like. */
  | { kind: 'target'; target: Target }
  /** It imports a path that is only known at run time. */
  | { kind: 'unknown-path' }
  /** It imports a known module, in a form that is not understood. */
  | { kind: 'unknown-form' }
  /** `() => new XWorker()`. */
  | { kind: 'worker' }
  /** It does not import, or is no function. */
  | { kind: 'other' }

/**
 * Reads the first argument of `bgThread` and its like.
 *
 * Understood are functions of one expression or one `return` that give `import('./x')`,
 * `import('./x').then((m) => m.X)`, `import('./x').then(({ X }) => X)` or `(await import('./x')).X`.
 */
export function readLoad(node: Node): Load {
  const result = resultOf(node)
  const target = result && targetOf(result)
  if (target) return { kind: 'target', target }
  if (result?.type === 'NewExpression') return { kind: 'worker' }

  let kind: Load['kind'] = 'other'
  if (!isFunction(node)) return { kind }
  walk(node, (inner) => {
    if (inner.type === 'ImportExpression') {
      if (literal(inner.source) === undefined) kind = 'unknown-path'
      else if (kind === 'other') kind = 'unknown-form'
    }
    // What Vite makes of import(`./${name}.ts`) before the plugin sees it.
    if (inner.type === 'Identifier' && inner.name.startsWith('__variableDynamicImportRuntime'))
      kind = 'unknown-path'
  })
  return { kind }
}

function targetOf(result: Node): Target | undefined {
  const direct = specifierOf(result)
  if (direct !== undefined) return { specifier: direct, exported: 'default' }

  if (result.type === 'MemberExpression') {
    const object = unwrap(result.object)
    const specifier = object.type === 'AwaitExpression' ? specifierOf(object) : undefined
    const exported = propertyName(result)
    return specifier !== undefined && exported !== undefined ? { specifier, exported } : undefined
  }

  if (result.type === 'CallExpression' && result.arguments.length === 1) {
    const callee = unwrap(result.callee)
    if (callee.type !== 'MemberExpression' || propertyName(callee) !== 'then') return undefined
    const specifier = specifierOf(unwrap(callee.object))
    const exported = pickedBy(unwrap(result.arguments[0]!))
    return specifier !== undefined && exported !== undefined ? { specifier, exported } : undefined
  }
}

/** The path of `import('./x')` or `await import('./x')`. */
function specifierOf(node: Node): string | undefined {
  if (node.type === 'AwaitExpression') return specifierOf(unwrap(node.argument))
  return node.type === 'ImportExpression' ? literal(node.source) : undefined
}

/** The export that `(m) => m.X`, `({ X }) => X` or `(m) => m` takes of a module. */
function pickedBy(callback: Node): string | undefined {
  const result = resultOf(callback)
  if (!result || !isFunction(callback) || callback.params.length !== 1) return undefined
  const param = callback.params[0]!
  if (param.type === 'Identifier') {
    if (result.type === 'Identifier' && result.name === param.name) return 'default'
    if (result.type !== 'MemberExpression') return undefined
    const object = unwrap(result.object)
    return object.type === 'Identifier' && object.name === param.name ? propertyName(result) : undefined
  }
  if (param.type !== 'ObjectPattern' || result.type !== 'Identifier') return undefined
  for (const property of param.properties) {
    if (property.type !== 'Property' || property.computed) continue
    if (property.value.type !== 'Identifier' || property.value.name !== result.name) continue
    return property.key.type === 'Identifier' ? property.key.name : literal(property.key)
  }
}

/** What a function of one expression or one `return` gives. */
function resultOf(node: Node): Node | undefined {
  if (!isFunction(node) || !node.body || node.generator) return undefined
  if (node.body.type !== 'BlockStatement') return unwrap(node.body)
  const [only, ...more] = node.body.body
  if (only?.type !== 'ReturnStatement' || more.length || !only.argument) return undefined
  return unwrap(only.argument)
}

function propertyName(node: Node): string | undefined {
  if (node.type !== 'MemberExpression') return undefined
  if (node.computed) return literal(node.property)
  return node.property.type === 'Identifier' ? node.property.name : undefined
}

function literal(node: Node): string | undefined {
  if (node.type === 'Literal' && typeof node.value === 'string') return node.value
  if (node.type === 'TemplateLiteral' && !node.expressions.length)
    return node.quasis[0]?.value.cooked ?? undefined
}
