/** The repository's papers, taken apart as far as their tests need it. */
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

export const root = fileURLToPath(new URL('../..', import.meta.url))

/** A fenced block. */
export interface Snippet {
  /** The paper it stands in, relative to the root, and the line of its first line of code, counted from 1. */
  place: { paper: string; line: number }
  /** What stands behind the fence: `ts`, `svelte`, … */
  language: string
  code: string
}

/** The papers whose snippets, links and names are checked, relative to the root. */
export function papers(): string[] {
  const docs = readdirSync(join(root, 'docs')).filter((file) => file.endsWith('.md'))
  return ['README.md', ...docs.map((file) => `docs/${file}`)]
}

export function read(paper: string): string {
  return readFileSync(join(root, paper), 'utf8')
}

export function snippetsOf(paper: string): Snippet[] {
  const snippets: Snippet[] = []
  let open: Snippet | undefined
  for (const [i, line] of read(paper).split('\n').entries()) {
    const fence = /^```(\w*)/.exec(line)
    if (fence && open) open = undefined
    else if (fence) snippets.push((open = { place: { paper, line: i + 2 }, language: fence[1]!, code: '' }))
    else if (open) open.code += `${line}\n`
  }
  return snippets
}

/** A paper without its fenced blocks. */
export function proseOf(paper: string): string {
  return read(paper).replace(/^```[^]*?^```$/gm, '')
}

/** The fragments that a paper's headings can be reached by, as GitHub makes them. */
export function anchorsOf(paper: string): string[] {
  return [...proseOf(paper).matchAll(/^#+ (.+)$/gm)].map(([, heading]) =>
    heading!
      .toLowerCase()
      .replace(/[^\p{L}\p{N}\s_-]/gu, '')
      .replace(/\s/g, '-'),
  )
}

/** Where a paper's links and pictures lead. */
export function linksOf(paper: string): string[] {
  const prose = proseOf(paper).replace(/`[^`\n]*`/g, '')
  return [...prose.matchAll(/\]\(([^)\s]+)\)|^\[[^\]]+\]: (\S+)$/gm)].map(
    ([, inline, named]) => (inline ?? named)!,
  )
}
