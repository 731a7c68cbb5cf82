import { isFunction, unwrap, type Node } from './walk.js'

/** What a name stands for, as far as finding calls needs to know. */
export type Binding =
  /** `import { imported as name } from source`; `imported` is `*` for a namespace. */
  | { kind: 'import'; source: string; imported: string }
  /** `const name = value`, or the function itself where it is declared as one. */
  | { kind: 'value'; value: Node }
  /** A parameter, a variable that may change, a class: something that cannot be followed. */
  | { kind: 'other' }

/**
 * Finds what a name stands for at a place in a module: the innermost declaration wins,
 * so that a parameter called like an import is not taken for it.
 *
 * @param ancestors the nodes around the place, the outermost first.
 * @returns `undefined` for a global.
 */
export function findBinding(name: string, ancestors: readonly Node[]): Binding | undefined {
  for (let i = ancestors.length - 1; i >= 0; i--) {
    const binding = bindingIn(ancestors[i]!, name)
    if (binding) return binding
  }
}

function bindingIn(scope: Node, name: string): Binding | undefined {
  switch (scope.type) {
    case 'Program':
    case 'BlockStatement':
    case 'StaticBlock':
      return firstOf(scope.body, (statement) => declaredBy(statement, name))
    case 'SwitchStatement':
      return firstOf(scope.cases, (one) =>
        firstOf(one.consequent, (statement) => declaredBy(statement, name)),
      )
    case 'ForStatement':
      return scope.init ? declaredBy(scope.init, name) : undefined
    case 'ForInStatement':
    case 'ForOfStatement':
      return declaredBy(scope.left, name)
    case 'CatchClause':
      return scope.param && binds(scope.param, name) ? { kind: 'other' } : undefined
    case 'ClassExpression':
      return scope.id?.name === name ? { kind: 'other' } : undefined
    case 'FunctionDeclaration':
    case 'FunctionExpression':
    case 'ArrowFunctionExpression': {
      const own = scope.type === 'FunctionExpression' && scope.id?.name === name
      return own || scope.params.some((param) => binds(param, name)) ? { kind: 'other' } : undefined
    }
  }
}

function declaredBy(statement: Node, name: string): Binding | undefined {
  switch (statement.type) {
    case 'ExportNamedDeclaration':
      return statement.declaration ? declaredBy(statement.declaration, name) : undefined
    case 'ExportDefaultDeclaration':
      return declaredBy(statement.declaration, name)
    case 'FunctionDeclaration':
      return statement.id?.name === name ? { kind: 'value', value: statement } : undefined
    case 'ClassDeclaration':
      return statement.id?.name === name ? { kind: 'other' } : undefined
    case 'VariableDeclaration': {
      const declarator = statement.declarations.find(({ id }) => binds(id, name))
      if (!declarator) return undefined
      const followed = statement.kind === 'const' && declarator.id.type === 'Identifier' && declarator.init
      return followed ? { kind: 'value', value: followed } : { kind: 'other' }
    }
    case 'ImportDeclaration': {
      const specifier = statement.specifiers.find(({ local }) => local.name === name)
      if (!specifier) return undefined
      return { kind: 'import', source: statement.source.value, imported: importedName(specifier) }
    }
  }
}

function importedName(specifier: Node): string {
  if (specifier.type === 'ImportNamespaceSpecifier') return '*'
  if (specifier.type !== 'ImportSpecifier') return 'default'
  return specifier.imported.type === 'Literal' ? specifier.imported.value : specifier.imported.name
}

/** Whether a parameter or the left side of a declaration gives a name a meaning. */
function binds(pattern: Node, name: string): boolean {
  switch (pattern.type) {
    case 'Identifier':
      return pattern.name === name
    case 'ObjectPattern':
      return pattern.properties.some((property) =>
        binds(property.type === 'RestElement' ? property.argument : property.value, name),
      )
    case 'ArrayPattern':
      return pattern.elements.some((element) => element !== null && binds(element, name))
    case 'AssignmentPattern':
      return binds(pattern.left, name)
    case 'RestElement':
      return binds(pattern.argument, name)
    default:
      return false
  }
}

function firstOf<T, R>(items: readonly T[], find: (item: T) => R | undefined): R | undefined {
  for (const item of items) {
    const found = find(item)
    if (found !== undefined) return found
  }
}

/** Whether code at a place in a module runs when a function is called, and not when the module does. */
export function isInFunction(ancestors: readonly Node[]): boolean {
  let parent: Node | undefined
  for (const node of ancestors) {
    // A function that is called where it stands runs with the module.
    if (isFunction(node) && !(parent?.type === 'CallExpression' && unwrap(parent.callee) === node))
      return true
    if (node.type === 'PropertyDefinition' && !node.static) return true
    if (node.type !== 'ParenthesizedExpression') parent = node
  }
  return false
}
