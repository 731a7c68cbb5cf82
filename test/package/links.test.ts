/** The papers of the package, for those who have only that. */
import { execFileSync } from 'node:child_process'
import { posix } from 'node:path'
import { expect, it } from 'vitest'
import { anchorsOf, linksOf, root } from '../docs/markdown'

const cli = process.env['npm_execpath']
const args = ['pack', '--dry-run', '--json', '--ignore-scripts']
const output = cli?.endsWith('.js')
  ? execFileSync(process.execPath, [cli, ...args], { cwd: root })
  : execFileSync('npm', args, { cwd: root, shell: process.platform === 'win32' })
const [{ files, size }] = JSON.parse(output.toString()) as [{ files: { path: string }[]; size: number }]
const packed = new Set(files.map(({ path }) => path))

it('what the README links or shows is in the package, and so is what that links', () => {
  const walked = new Set<string>()
  const broken: string[] = []
  const walk = (paper: string) => {
    if (walked.has(paper)) return
    walked.add(paper)
    if (!paper.endsWith('.md')) return
    for (const link of linksOf(paper).filter((link) => !link.startsWith('https:'))) {
      const [path = '', anchor] = link.split('#')
      const file = path ? posix.join(posix.dirname(paper), path) : paper
      if (!packed.has(file) || (anchor && !anchorsOf(file).includes(anchor))) broken.push(`${paper}: ${link}`)
      else walk(file)
    }
  }
  walk('README.md')
  expect(broken).toEqual([])
  expect([...walked]).toEqual(expect.arrayContaining(['docs/playground.png', 'docs/protocol.md', 'LICENSE']))
})

it('the package is less than 750 kB, with its papers', () => {
  expect(size).toBeLessThan(750_000)
})
