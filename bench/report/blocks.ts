/** Blocks of papers that a command writes. */
import { format, resolveConfig } from 'prettier'

/**
 * A paper with its blocks as they have to be: what stands between `<!-- mark name -->` and `<!-- /mark -->` is the
 * block of that name.
 */
export function fillBlocks<R>(
  paper: string,
  mark: string,
  blocks: Readonly<Record<string, (results: R) => string>>,
  results: R,
): string {
  return paper.replace(
    new RegExp(`(<!-- ${mark} ([\\w-]+) -->\\n)[^]*?(<!-- /${mark} -->)`, 'g'),
    (_all, start: string, name: string, end: string) => {
      const block = blocks[name]
      if (!block) throw new Error(`there is no block '${name}': there are ${Object.keys(blocks).join(', ')}`)
      return `${start}\n${block(results)}\n\n${end}`
    },
  )
}

/** A file's content as prettier wants it. */
export const formatted = async (path: string, content: string): Promise<string> =>
  format(content, { ...(await resolveConfig(path)), filepath: path })

/**
 * A table whose first column is words.
 *
 * @param others how the other columns are aligned: to the right, as numbers are, unless it says otherwise
 */
export function table(
  head: readonly string[],
  lines: readonly (readonly string[])[],
  others: '--:' | '---' = '--:',
): string {
  const rule = head.map((_title, i) => (i === 0 ? '---' : others))
  return [head, rule, ...lines].map((cells) => `| ${cells.join(' | ')} |`).join('\n')
}
