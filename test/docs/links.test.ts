import { existsSync } from 'node:fs'
import { dirname, join, posix } from 'node:path'
import { describe, expect, it } from 'vitest'
import { anchorsOf, linksOf, papers, root } from './markdown'

describe.each(papers())('%s', (paper) => {
  const inside = linksOf(paper).filter((link) => !/^https?:/.test(link))

  it('links to files that exist', () => {
    const files = inside.map((link) => link.replace(/#.*/, '')).filter((file) => file !== '')
    expect(files.filter((file) => !existsSync(join(root, dirname(paper), file)))).toEqual([])
  })

  it('links to headings that exist', () => {
    const missing = inside.filter((link) => {
      const [file, anchor] = link.split('#')
      if (anchor === undefined) return false
      return !anchorsOf(file ? posix.join(posix.dirname(paper), file) : paper).includes(anchor)
    })
    expect(missing).toEqual([])
  })

  it('links out by https only', () => {
    expect(linksOf(paper).filter((link) => link.startsWith('http:'))).toEqual([])
  })
})
