/** Logic that calls other threads: its worker needs code that other workers do without. */

/** How such code is imported, by the library's own entry of that name. */
export const clientSpecifier = 'bgthread/client'

/** What a module takes from the library to speak to another thread: the type of a proxy, or what makes one. */
const outward = String.raw`\b(?:Remote|AttachedThread|attach)\b`

/** Modules that an import can be added to, TypeScript and JSX not yet compiled. Not those of component frameworks. */
export const scriptFilter = /\.[cm]?[jt]sx?(?:$|\?)/

const importClause = /(?:^|[;@])\s*(?:import|export)\b([^'"`;()]*?)\bfrom\s*(['"])bgthread\2/gm
const importType = new RegExp(String.raw`\bimport\(\s*(['"])bgthread\1\s*\)[\s)]*\.\s*${outward}`)

/**
 * Whether a module speaks to other threads. It is told by its text: what names a type only is not in the code any more
 * by the time there is JavaScript to be parsed, and a type in JSDoc never was. Text in a comment may deceive it, which
 * costs the worker some kilobytes.
 *
 * @param code as the user wrote it
 */
export function speaksOutward(code: string): boolean {
  if (importType.test(code)) return true
  const names = new RegExp(outward)
  for (const [, clause = ''] of code.matchAll(importClause)) {
    const namespace = /\*\s*as\s+([\w$]+)/.exec(clause)?.[1]?.replaceAll('$', String.raw`\$`)
    if (
      namespace === undefined
        ? names.test(clause)
        : new RegExp(`${namespace}\\s*\\.\\s*${outward}`).test(code)
    )
      return true
  }
  return false
}
