import { parseAst } from 'vite'
import { describe, expect, test } from 'vitest'
import { findCalls } from '../../src/vite/calls.js'
import { replaceInPlace } from '../../src/vite/rewrite.js'

/** Replaces the loads of all calls by an import of `spawn`. */
function rewritten(code: string): string {
  const program = parseAst(code)
  const replacements = findCalls(program).map(({ start, end }) => ({ start, end, specifier: 'spawn' }))
  return replaceInPlace(code, program, replacements)
}

describe('replacing a load', () => {
  const head = `import { bgThread } from 'bgthread';\n`

  test('keeps every other character where it was', () => {
    const code = `${head}export const a = bgThread(() => import('./a'), { name: 'a' }), b = 1\nb()`
    const result = rewritten(code)
    expect(result).toContain(`bgThread(bgSpawn0           , { name: 'a' }), b = 1\nb()`)
    for (const word of [`{ name: 'a' }`, 'b = 1', 'b()'])
      expect(result.indexOf(word)).toBe(code.indexOf(word))
    expect(result).toMatch(/\nimport bgSpawn0 from "spawn";$/)
  })

  test('keeps line breaks inside the load', () => {
    const code = `${head}bgThread(() =>\n  import('./a').then(\n    (m) => m.A), 5)`
    const result = rewritten(code)
    expect(result.indexOf(', 5)')).toBe(code.indexOf(', 5)'))
    expect(result.split('\n').length).toBe(code.split('\n').length + 1)
  })

  test('finds a short name where a short name stood', () => {
    const code = `${head}const l = () => import('./a'); bgThread(l, 1)`
    expect(rewritten(code)).toContain('bgThread(a, 1)')
    expect(rewritten(code)).toMatch(/\nimport a from "spawn";$/)
  })

  test('takes no name that the module uses', () => {
    const code = `${head}const bgSpawn0 = 1; bgThread(() => import('./a'))`
    expect(rewritten(code)).toContain('import bgSpawn1 from "spawn"')
  })

  test('imports a spawn module once for several calls', () => {
    const code = `${head}bgThread(() => import('./a')); bgThread(() => import('./a'))`
    expect(rewritten(code).match(/from "spawn"/g)).toHaveLength(1)
  })

  test('gives code that parses where the last line is a comment', () => {
    const code = `${head}bgThread(() => import('./a')) // the end`
    expect(() => parseAst(rewritten(code))).not.toThrow()
  })
})
