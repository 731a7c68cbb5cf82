/** The code that a development server adds to the modules of a thread, so that their state can be carried over. */
import type { ESTree } from 'vite'
import { textHash } from '../hot/text-hash.js'
import { findClosures, type Closure } from './closures.js'
import { constructorText, hash, isCode, namesIn, textOf, valueText } from './code-text.js'
import { findNames, type ModuleNames } from './module-names.js'
import { parseModule, unwrap, walk, type Node } from './walk.js'

/** On a page there is nothing to register with, and the code does nothing. A module may call something `Symbol`. */
const carry = 'globalThis[globalThis.Symbol.for("bgthread")]?.carry'

/**
 * Adds to each class what reads and writes its private fields, and to the end of the module what does so with its
 * variables. No line moves, and within a line only what follows the brace that ends a class.
 *
 * @param code of the module, as it is after all other plugins.
 * @param id names the module, the same after each edit.
 * @returns `undefined` if the module has no names and no classes, or is no JavaScript.
 */
export function addCarrying(code: string, id: string): string | undefined {
  let program
  try {
    program = parseModule(code)
  } catch {
    return undefined
  }
  const names = findNames(program)
  const texts = new InitialTexts(names)
  const taken = new Map<string, number>()
  const insertions: { at: number; text: string }[] = []
  walk(program, (node, ancestors) => {
    if (node.type !== 'ClassDeclaration' && node.type !== 'ClassExpression') return
    const name = nameOf(node, ancestors)
    const count = (taken.get(name) ?? 0) + 1
    taken.set(name, count)
    const classId = `${id}#${name}${count > 1 ? `~${count}` : ''}`
    insertions.push({
      at: node.body.end - 1,
      text: `;static{${carry}?.addClass(this,${classCode(node, classId, texts)})}`,
    })
  })
  const unnamed = names.unnamed && nameDefault(code, names.unnamed)
  const footer = moduleCode(names, id, texts, unnamed !== undefined, findClosures(program, code))
  if (!insertions.length && !footer) return undefined
  let result = unnamed ?? code
  for (const { at, text } of insertions.sort((a, b) => b.at - a.at))
    result = result.slice(0, at) + text + result.slice(at)
  return result + footer
}

/** The texts of first values, with those of the constants that they are made of. */
class InitialTexts {
  readonly #constants = new Map<string, Node>()

  constructor({ variables }: ModuleNames) {
    for (const { name, declarator, init, isConstant } of variables)
      if (isConstant && init && !isCode(unwrap(init))) this.#constants.set(name, declarator)
  }

  #isObject(name: string): boolean {
    const declarator = this.#constants.get(name)
    const init = declarator?.type === 'VariableDeclarator' && declarator.init && unwrap(declarator.init)
    return init ? /^(Array|Object|New)Expression$/.test(init.type) : false
  }

  hash(init: Node | null, pattern?: Node): string {
    const text = valueText(init)
    // A function is the same to the carrying of state, whatever is in it.
    if (text === 'code') return text
    const used = new Set(namesIn(init))
    // An object of the module itself, and no copy: it is told whether that one was edited.
    const whole = init && unwrap(init)
    if (whole?.type === 'Identifier' && this.#isObject(whole.name)) used.delete(whole.name)
    const parts = [text, pattern && pattern.type !== 'Identifier' ? textOf(pattern) : '']
    for (const name of used) {
      const constant = this.#constants.get(name)
      if (!constant) continue
      parts.push(textOf(constant))
      for (const inner of namesIn(constant)) used.add(inner)
    }
    return hash(parts.join('\n'))
  }
}

type Class = ESTree.Class

function classCode(node: Class, id: string, texts: InitialTexts): string {
  const members = node.body.body
  const made = members.find((member) => member.type === 'MethodDefinition' && member.kind === 'constructor')
  const fields = members.filter(isField)
  const codeOf = (isStatic: boolean) => {
    const some = fields.filter((field) => field.static === isStatic)
    // Own properties are found without help, and so is what stands under a computed name.
    const hidden = some.filter(
      ({ type, key, computed }) =>
        key.type === 'PrivateIdentifier' || (type === 'AccessorProperty' && !computed),
    )
    return {
      texts: JSON.stringify(some.map((field) => [fieldName(field), texts.hash(field.value)])),
      hidden: JSON.stringify(hidden.map(fieldName)),
      read: (object: string) => `[${hidden.map((field) => object + access(field)).join()}]`,
      write: (object: string) => hidden.map((field, i) => `${object}${access(field)}=v[${i}]`).join(';'),
    }
  }
  const own = codeOf(false)
  const statics = codeOf(true)
  return (
    `{id:${JSON.stringify(id)},made:${JSON.stringify(made ? hash(constructorText(made)) : '')},` +
    `fields:${own.texts},hidden:${own.hidden},read:(o)=>${own.read('o')},write:(o,v)=>{${own.write('o')}},` +
    `statics:${statics.texts},hiddenStatics:${statics.hidden},` +
    `readStatics:()=>${statics.read('this')},writeStatics:(v)=>{${statics.write('this')}}}`
  )
}

type Field = ESTree.PropertyDefinition | ESTree.AccessorProperty

// Types of members that only TypeScript has are gone from the code.
const isField = (member: Node): member is Field =>
  member.type === 'PropertyDefinition' || member.type === 'AccessorProperty'

function fieldName({ key, computed }: Field): string {
  if (key.type === 'PrivateIdentifier') return `#${key.name}`
  if (!computed && key.type === 'Identifier') return key.name
  if (!computed && key.type === 'Literal') return String(key.value)
  return `[${hash(textOf(key))}]`
}

function access(field: Field): string {
  const name = fieldName(field)
  return field.key.type === 'Literal' ? `[${JSON.stringify(name)}]` : `.${name}`
}

/** The name of a class, or of what holds it. */
function nameOf(node: Class, ancestors: readonly Node[]): string {
  if (node.id) return node.id.name
  const parent = [...ancestors].reverse().find(({ type }) => type !== 'ParenthesizedExpression')
  if (parent?.type === 'ExportDefaultDeclaration') return 'default'
  if (parent?.type === 'VariableDeclarator' && parent.id.type === 'Identifier') return parent.id.name
  return 'class'
}

const unnamedName = '$bgDef'

/** Gives what a module exports as the default a name, in the room of the words `export default`. */
function nameDefault(code: string, node: Node): string | undefined {
  const words = /^export[^\S\n\r]+default/.exec(code.slice(node.start))?.[0]
  if (!words || code.includes(unnamedName)) return undefined
  return (
    code.slice(0, node.start) +
    `const ${unnamedName}=`.padEnd(words.length) +
    code.slice(node.start + words.length)
  )
}

function moduleCode(
  { variables, code, imports, unnamed }: ModuleNames,
  id: string,
  texts: InitialTexts,
  hasDefault: boolean,
  closures: readonly Closure[],
): string {
  const all = [...variables.map(({ name }) => name), ...code, ...imports]
  if (!all.length && !hasDefault && !closures.length) return ''
  const stateful = variables.filter(({ init, isConstant }) => !isConstant || !init || !isCode(unwrap(init)))
  const pairs = stateful.map(({ name, declarator, init }) => [
    name,
    texts.hash(init, declarator.type === 'VariableDeclarator' ? declarator.id : undefined),
  ])
  if (hasDefault && unnamed?.type === 'ExportDefaultDeclaration')
    pairs.push(['*default*', texts.hash(unnamed.declaration)])
  const set = variables.filter(({ isConstant }) => !isConstant)
  return (
    `\n;${carry}?.addModule({id:${JSON.stringify(id)},variables:${JSON.stringify(pairs)},` +
    `imports:${JSON.stringify(imports)},values:()=>({${[...all, ...(hasDefault ? [`"*default*":${unnamedName}`] : [])].join()}}),` +
    `closures:${JSON.stringify(closures.map(({ text, variable }) => [textHash(text), variable]))},` +
    `set:{${set.map(({ name }) => `${name}:($bgValue)=>{${name}=$bgValue}`).join()}}});` +
    (hasDefault ? `export{${unnamedName} as default};` : '')
  )
}
