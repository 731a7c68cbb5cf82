import { readFileSync } from 'node:fs'
import { SourceMap } from 'node:module'
import { join } from 'node:path'
import { fixture } from './app.js'

/** The source file and the text of the line that a place in generated code comes from. */
export interface Origin {
  source: string
  line: string
  /** Counted from 0. */
  column: number
}

/**
 * Follows a source map from a place in code, counted from 1 as in a stack, to the fixture's source.
 *
 * @param map the map's JSON.
 */
export function originOf(map: string, line: number, column: number): Origin {
  const entry = new SourceMap(JSON.parse(map)).findEntry(line - 1, column - 1)
  if (!('originalSource' in entry)) throw new Error(`${line}:${column} is not in the source map`)
  const source = entry.originalSource.replace(/^.*?(src\/|$)/, '$1') || entry.originalSource
  const text = readFileSync(join(fixture, source.includes('/') ? source : `src/${source}`), 'utf8')
  return { source, line: text.split('\n')[entry.originalLine]!.trim(), column: entry.originalColumn }
}

/** The map that stands in the last comment of some code. */
export function mapInside(code: string): string {
  const [, base64] =
    /\/\/# sourceMappingURL=data:application\/json;(?:charset=utf-8;)?base64,(\S+)\s*$/.exec(code) ?? []
  if (!base64) throw new Error('the code has no source map inside')
  return Buffer.from(base64, 'base64').toString()
}

/** Line and column of the first frame of a stack, counted from 1. */
export function firstFrame(stack: string): { line: number; column: number } {
  const [, line, column] = /:(\d+):(\d+)\)?$/m.exec(stack) ?? []
  return { line: Number(line), column: Number(column) }
}
