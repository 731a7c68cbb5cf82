import { SourceMap } from 'node:module'
import type { Rolldown } from 'vite'

/**
 * The line in the file the user wrote, for a place in the code that other plugins have made of it.
 *
 * @param map the source map from the file to the code.
 * @returns a line number, counted from 1.
 */
export function originalLine(code: string, offset: number, map: Rolldown.SourceMap): number {
  const before = code.slice(0, offset).split('\n')
  const entry = new SourceMap({ ...map, sourceRoot: '' }).findEntry(before.length - 1, before.at(-1)!.length)
  return ('originalLine' in entry ? entry.originalLine : before.length - 1) + 1
}
