/** The names that a module declares for itself. */
import { isFunction, walk, type Node } from './walk.js'

/** A variable of a module. */
export interface Variable {
  name: string
  /** What it is first, with the pattern that it is taken from. */
  declarator: Node
  init: Node | null
  isConstant: boolean
}

export interface ModuleNames {
  variables: Variable[]
  /** Functions and classes. */
  code: string[]
  imports: string[]
  /** What is exported as the default, if it has no name. */
  unnamed: Node | undefined
}

export function findNames(program: Node & { type: 'Program' }): ModuleNames {
  const names: ModuleNames = { variables: [], code: [], imports: [], unnamed: undefined }
  const assigned = findAssigned(program)
  const declare = (node: Node) => {
    if (node.type === 'VariableDeclaration') {
      for (const declarator of node.declarations)
        for (const name of namesOf(declarator.id))
          names.variables.push({
            name,
            declarator,
            init: declarator.init,
            isConstant: !(node.kind === 'let' || node.kind === 'var') || !assigned.has(name),
          })
    } else if ((node.type === 'FunctionDeclaration' || node.type === 'ClassDeclaration') && node.id)
      names.code.push(node.id.name)
  }
  for (const statement of program.body) {
    declare(statement)
    if (statement.type === 'ImportDeclaration')
      names.imports.push(...statement.specifiers.map(({ local }) => local.name))
    if (statement.type === 'ExportNamedDeclaration' && statement.declaration) declare(statement.declaration)
    if (statement.type !== 'ExportDefaultDeclaration') continue
    declare(statement.declaration)
    if (
      !/^(Identifier|Literal|TemplateLiteral|ArrowFunctionExpression|(Function|Class)\w+)$/.test(
        statement.declaration.type,
      )
    )
      names.unnamed = statement
  }
  // A `var` in a block is one of the module.
  walk(program, (node, ancestors) => {
    const isNested = ancestors.length > 1 && ancestors.at(-1)?.type !== 'ExportNamedDeclaration'
    if (node.type !== 'VariableDeclaration' || node.kind !== 'var' || !isNested) return
    if (
      !ancestors.some(
        (node) => isFunction(node) || node.type === 'StaticBlock' || node.type === 'PropertyDefinition',
      )
    )
      declare(node)
  })
  const seen = new Set<string>()
  names.variables = names.variables.filter(({ name }) => !seen.has(name) && seen.add(name))
  return names
}

/** The names that something is assigned to, whatever they stand for there. */
function findAssigned(program: Node): Set<string> {
  const assigned = new Set<string>()
  const add = (target: Node) => {
    for (const name of namesOf(target)) assigned.add(name)
  }
  walk(program, (node) => {
    if (node.type === 'AssignmentExpression') add(node.left)
    else if (node.type === 'UpdateExpression') add(node.argument)
    else if (
      (node.type === 'ForInStatement' || node.type === 'ForOfStatement') &&
      node.left.type !== 'VariableDeclaration'
    )
      add(node.left)
  })
  return assigned
}

/** The names in a pattern. */
export function namesOf(pattern: Node): string[] {
  switch (pattern.type) {
    case 'Identifier':
      return [pattern.name]
    case 'ParenthesizedExpression':
      return namesOf(pattern.expression)
    case 'ObjectPattern':
      return pattern.properties.flatMap((property) =>
        namesOf(property.type === 'RestElement' ? property.argument : property.value),
      )
    case 'ArrayPattern':
      return pattern.elements.flatMap((element) => (element ? namesOf(element) : []))
    case 'AssignmentPattern':
      return namesOf(pattern.left)
    case 'RestElement':
      return namesOf(pattern.argument)
    default:
      return []
  }
}
