import { starterName, type Call } from './calls.js'
import { findBinding } from './scope.js'
import { walk, type Node } from './walk.js'

/** How the library's own code loads what runs a logic in process. */
export const ownSpecifier = './in-process.js'

/**
 * Whether a module may start threads that run in process, because the plugin leaves their loads alone: by a call
 * that is not rewritten, or whose options may have a fallback, or by handing on the functions that start threads. The
 * same code serves the services that a call's options may offer.
 *
 * @param away the calls whose logic runs in a worker
 */
export function mayRunInProcess(program: Node, away: readonly Call[]): boolean {
  const callees = new Set(away.map(({ callee }) => callee))
  let may = away.some(({ mayFallBack, mayHost }) => mayFallBack || mayHost)
  walk(program, (node, ancestors) => {
    const parent = ancestors.at(-1)
    switch (node.type) {
      case 'ExportAllDeclaration':
      case 'ExportNamedDeclaration':
      case 'ImportExpression':
        if (node.source?.type === 'Literal' && node.source.value === 'bgthread') may = true
        break
      case 'MemberExpression':
        if (starterName(node, ancestors) && !callees.has(node)) may = true
        break
      case 'Identifier':
        if (callees.has(node) || parent?.type === 'ImportSpecifier') break
        if (starterName(node, ancestors) || (isNamespace(node, ancestors) && !isObject(node, parent)))
          may = true
    }
  })
  return may
}

function isNamespace(node: Node & { type: 'Identifier' }, ancestors: readonly Node[]): boolean {
  const binding = findBinding(node.name, ancestors)
  return binding?.kind === 'import' && binding.source === 'bgthread' && binding.imported === '*'
}

/** `x` in `x.name`, and where it is imported. */
const isObject = (node: Node, parent: Node | undefined) =>
  parent?.type === 'ImportNamespaceSpecifier' ||
  (parent?.type === 'MemberExpression' && parent.object === node && !parent.computed)

interface OwnImport {
  start: number
  end: number
  specifier: string
}

/** Where a module loads what runs a logic in process, if it is the module of the library that does. */
export function findOwnImport(program: Node): OwnImport | undefined {
  let found: OwnImport | undefined
  walk(program, (node) => {
    if (node.type !== 'ImportExpression' || node.source.type !== 'Literal') return
    const { value } = node.source
    // In a package, the module that has it may be in a folder of what several of its modules share.
    if (value === ownSpecifier || value === `.${ownSpecifier}`)
      found = { start: node.start, end: node.end, specifier: value }
  })
  return found
}
