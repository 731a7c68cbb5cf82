import type { Rolldown } from 'vite'
import { parseModule, walk } from './walk.js'

/**
 * Gives `import.meta.url` a meaning in code that is run from a blob: the launcher puts the URL that the code would
 * have as a file in `__bgthread.file`. That is exactly as long, so the code's source map stays true.
 */
export function fixFileUrl(code: string): string {
  if (!code.includes('import.meta.url')) return code
  let fixed = code
  walk(parseModule(code), (node) => {
    if (node.type !== 'MemberExpression' || node.object.type !== 'MetaProperty') return
    if (code.slice(node.start, node.end) !== 'import.meta.url') return
    fixed = fixed.slice(0, node.start) + '__bgthread.file' + fixed.slice(node.end)
  })
  return fixed
}

/**
 * Gives the path of an `import()` that is only known at run time a meaning in code that is run from a blob: it is relative
 * to the URL that the code would have as a file.
 *
 * @param code a chunk that is not yet minified. No line moves.
 */
export function fixImports(code: string): string {
  if (!code.includes('import(')) return code
  const inserts: [at: number, text: string][] = []
  walk(parseModule(code), (node) => {
    if (node.type !== 'ImportExpression') return
    inserts.push([node.source.start, 'self.__bgthread.resolve('], [node.source.end, ')'])
  })
  let fixed = code
  for (const [at, text] of inserts.sort(([a], [b]) => b - a))
    fixed = fixed.slice(0, at) + text + fixed.slice(at)
  return fixed
}

/**
 * Makes an error in the evaluation of a worker's one piece reject the start, as an error behind an `import()` does.
 *
 * @param code a chunk that is not yet minified. No line moves.
 */
export function catchErrors(code: string): string {
  const { body } = parseModule(code)
  if (body.some(({ type }) => type.startsWith('Export'))) return code
  let imported = 0
  for (const { type, end } of body) if (type === 'ImportDeclaration') imported = end
  const caught = 'catch (error) { if (!self.__bgthread.reject) throw error; self.__bgthread.reject(error) }'
  return `${code.slice(0, imported)} try {${code.slice(imported)}\n} ${caught}\n`
}

/**
 * The source map of code that is run from a blob. It counts the line that the launcher puts in front, and names sources so
 * that they need no base.
 */
export function mapOfBlob(map: Rolldown.SourceMap): string {
  const sources = map.sources.map((source) => `bgthread:///${source.replace(/^(\.\.?\/)+/, '')}`)
  return JSON.stringify({ ...map, sources, mappings: `;${map.mappings}` })
}

/** The comment that carries a source map in the code itself, the only place from which a blob's map is found. */
export const mapComment = (map: string) =>
  `//# sourceMappingURL=data:application/json;base64,${Buffer.from(map).toString('base64')}\n`

/** How many characters of code are source maps of inline workers. */
export function sizeOfMaps(code: string): number {
  const comments = code.match(/\/\/# sourceMappingURL=data:application\/json;base64,[\w+/=]+/g) ?? []
  return comments.join('').length
}
