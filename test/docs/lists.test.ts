import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { papers, root, snippetsOf } from './markdown'

it('no list of Svelte in the papers, the playground and the benchmark reads a $store', () => {
  const components = ['playground', 'bench'].flatMap(componentsIn).map((file) => readFileSync(file, 'utf8'))
  const snippets = papers().flatMap((paper) => snippetsOf(paper).map(({ code }) => code))
  const lists = [...components, ...snippets].flatMap((code) => code.match(/\{#each .* as /g) ?? [])
  expect(lists.length).toBeGreaterThan(10)
  expect(lists.filter((list) => /\$\w/.test(list))).toEqual([])
})

function componentsIn(folder: string): string[] {
  return readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.svelte') && !file.includes('node_modules'))
    .map((file) => join(root, folder, file))
}
