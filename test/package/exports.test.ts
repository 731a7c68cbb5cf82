import { execFileSync } from 'node:child_process'
import { readdirSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseAst } from 'vite'
import { describe, expect, it } from 'vitest'

const root = fileURLToPath(new URL('../..', import.meta.url))
const dist = (file: string) => join(root, 'dist', file)

/** Every name that an entry exports at run time, and every module besides its own that it may import. */
const entries = {
  index: {
    names: [
      'ActionNotFoundError',
      'LimitError',
      'NotCloneableError',
      'ThreadClosedError',
      'ThreadDiedError',
      'ThreadError',
      'ThreadHungError',
      'ThreadStartError',
      'ThreadTimeoutError',
      'attach',
      'bgCompute',
      'bgPool',
      'bgThread',
      'registerError',
      'transfer',
    ],
    imports: [],
  },
  worker: {
    names: ['callSignal', 'expose', 'keep', 'registerError', 'state', 'stream', 'transfer'],
    imports: [],
  },
  client: { names: [], imports: [] },
  shared: { names: [], imports: [] },
  'shared-worker': { names: [], imports: [] },
  hot: { names: ['evaluated', 'launchable', 'listen'], imports: [] },
  svelte: {
    names: ['bgAction', 'bgStore'],
    imports: ['svelte', 'svelte/store', 'svelte/reactivity'],
  },
  vue: {
    names: ['useBgAction', 'useBgRef'],
    imports: ['vue'],
  },
  vite: {
    names: ['default'],
    imports: [/^node:/, 'vite'],
  },
} satisfies Record<string, { names: string[]; imports: (string | RegExp)[] }>

describe.each(Object.entries(entries))('entry %s', (name, { names, imports }) => {
  it('exports its public names and no other, in plain Node', () => {
    const specifier = name === 'index' ? 'bgthread' : `bgthread/${name}`
    const script = `console.log(JSON.stringify(Object.keys(await import('${specifier}'))))`
    const printed = execFileSync(process.execPath, ['--input-type=module', '--eval', script], { cwd: root })
    expect((JSON.parse(printed.toString()) as string[]).sort()).toEqual(names)
  })

  it('imports at run time what it may, and no other', () => {
    const foreign = [...importsOf(dist(`${name}.js`))].filter((id) => !isAllowed(id, imports))
    expect(foreign).toEqual([])
  })
})

describe('the tarball', () => {
  const [packed] = JSON.parse(
    execFileSync('npm', ['pack', '--dry-run', '--json', '--ignore-scripts'], {
      cwd: root,
      encoding: 'utf8',
      shell: process.platform === 'win32',
    }),
  ) as [{ files: { path: string }[] }]
  const files = packed.files.map((file) => file.path)

  it('holds the build and its papers only', () => {
    const papers = ['CHANGELOG.md', 'CONTRIBUTING.md', 'LICENSE', 'README.md', 'package.json']
    const docs = readdirSync(join(root, 'docs')).map((file) => `docs/${file}`)
    expect(files.filter((path) => !path.startsWith('dist/')).sort()).toEqual([...papers, ...docs].sort())
    expect(files.filter((path) => !/^(dist\/.*(\.js|\.js\.map|\.d\.ts)|(docs\/)?[^/]+)$/.test(path))).toEqual(
      [],
    )
  })

  it('holds every file that package.json names', () => {
    const { exports } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as {
      exports: Record<string, string | Record<string, string>>
    }
    const named = Object.values(exports).flatMap((target) =>
      typeof target === 'string' ? [target] : Object.values(target),
    )
    expect(named.filter((path) => !files.includes(path.slice(2)))).toEqual([])
    const specifiers = Object.keys(exports).filter((name) => name !== './package.json')
    expect(specifiers.map((name) => name.slice(2) || 'index').sort()).toEqual(Object.keys(entries).sort())
  })

  it('has few shared modules, named after what they are', () => {
    const shared = readdirSync(dist('shared')).filter((file) => file.endsWith('.js'))
    expect(shared.sort()).toEqual([
      'adapter.js',
      'attach.js',
      'core.js',
      'elected.js',
      'hot-shared.js',
      'iterator.js',
      'page.js',
      'thread.js',
    ])
  })

  it('carries its sources in its source maps', () => {
    const maps = files.filter((path) => path.endsWith('.map'))
    expect(maps.length).toBeGreaterThan(0)
    for (const path of maps) {
      const map = JSON.parse(readFileSync(join(root, path), 'utf8')) as {
        sources: string[]
        sourcesContent: (string | null)[]
      }
      expect(
        map.sourcesContent?.filter((text) => text),
        path,
      ).toHaveLength(map.sources.length)
    }
  })
})

function isAllowed(id: string, allowed: readonly (string | RegExp)[]): boolean {
  return allowed.some((one) => (typeof one === 'string' ? one === id : one.test(id)))
}

/** The bare modules that a built file imports, itself or through the package's other files. */
function importsOf(file: string, seen = new Set<string>(), found = new Set<string>()): Set<string> {
  if (seen.has(file)) return found
  seen.add(file)
  const ids = []
  for (const node of parseAst(readFileSync(file, 'utf8')).body) {
    if ('source' in node && node.source) ids.push(node.source.value)
  }
  for (const id of ids) {
    if (id.startsWith('.')) importsOf(join(dirname(file), id), seen, found)
    else found.add(id)
  }
  return found
}
