import { join } from 'node:path'
import ts from 'typescript'
import { describe, expect, it } from 'vitest'
import { proseOf, read, root } from './markdown'

const entries = {
  bgthread: 'src/core/index.ts',
  'bgthread/worker': 'src/core/worker.ts',
  'bgthread/svelte': 'src/svelte/index.ts',
  'bgthread/vue': 'src/vue/index.ts',
  'bgthread/vite': 'src/vite/index.ts',
}
const { options } = ts.parseJsonConfigFileContent(
  ts.readConfigFile(join(root, 'tsconfig.json'), (file) => ts.sys.readFile(file)).config,
  ts.sys,
  root,
)
const program = ts.createProgram(
  Object.values(entries).map((file) => join(root, file)),
  options,
)
const checker = program.getTypeChecker()

/** What stands in the code spans of a paper: the names a reader can look for. */
const spansOf = (paper: string) => [...proseOf(paper).matchAll(/`([^`]+)`/g)].map(([, code]) => code!)

/** @returns those that the paper does not name */
function missing(names: string[], paper = 'README.md'): string[] {
  const mentioned = new Set(spansOf(paper).flatMap((code) => code.match(/\w+/g) ?? []))
  return names.filter((name) => !mentioned.has(name))
}

function exportsOf(file: string): ts.Symbol[] {
  const module = checker.getSymbolAtLocation(program.getSourceFile(join(root, file))!)
  return checker.getExportsOfModule(module!)
}

function typeOf(file: string, name: string): ts.Type {
  return checker.getDeclaredTypeOfSymbol(exportsOf(file).find((symbol) => symbol.name === name)!)
}

const propertiesOf = (file: string, name: string) =>
  checker
    .getPropertiesOfType(typeOf(file, name))
    .map((property) => property.name)
    .filter((property) => !property.startsWith('__@'))

it.each(Object.entries(entries))('the README names all that %s exports', (_entry, file) => {
  const names = exportsOf(file).map((symbol) => symbol.name)
  expect(names.length).toBeGreaterThan(0)
  expect(missing(names.filter((name) => name !== 'default'))).toEqual([])
})

it('the README names every entry of the package', () => {
  const { name, exports } = JSON.parse(read('package.json')) as { name: string; exports: object }
  const paths = Object.keys(exports).filter((path) => path !== './package.json')
  const spans = spansOf('README.md')
  expect(paths.length).toBeGreaterThan(Object.keys(entries).length)
  expect(paths.map((path) => name + path.slice(1)).filter((entry) => !spans.includes(entry))).toEqual([])
})

it('docs/pool.md names every option and every member of a pool', () => {
  const names = ['PoolSettings', 'Pool', 'MapOptions'].flatMap((type) => propertiesOf(entries.bgthread, type))
  expect(names).toContain('idleTimeout')
  expect(missing(names, 'docs/pool.md')).toEqual([])
})

it("every type of the README's table comes from the entries that it says", () => {
  const [, table] = /^### Types\n([^]*?)^## /m.exec(proseOf('README.md'))!
  const rows = [...table!.matchAll(/^\|[^|]*\|([^|]*`[^|]*)\|(.*)\|$/gm)]
  expect(rows.length).toBeGreaterThan(5)
  const wrong = rows.flatMap(([, from, types]) => {
    const names = [...types!.matchAll(/`([A-Z]\w+)/g)].map(([, name]) => name!)
    return [...from!.matchAll(/`([^`]+)`/g)].flatMap(([, entry]) => {
      const exported = new Set(exportsOf(entries[entry as keyof typeof entries]).map(({ name }) => name))
      return names.filter((name) => !exported.has(name)).map((name) => `${entry}: ${name}`)
    })
  })
  expect(wrong).toEqual([])
})

describe('the README names', () => {
  it('every option and every member of a thread', () => {
    const { bgthread, 'bgthread/svelte': svelte, 'bgthread/vite': vite } = entries
    const names = [
      ...propertiesOf(bgthread, 'ThreadSettings'),
      ...propertiesOf(bgthread, 'Thread'),
      ...propertiesOf(bgthread, 'CloseOptions'),
      ...propertiesOf(bgthread, 'ThreadContext'),
      ...propertiesOf(bgthread, 'State'),
      ...propertiesOf(svelte, 'ReadOptions'),
      ...propertiesOf(svelte, 'ActionState'),
      ...propertiesOf(vite, 'BgthreadOptions'),
      'args',
    ]
    expect(names).toContain('startTimeout')
    expect(missing(names)).toEqual([])
  })

  it('every error code, each once in its table', () => {
    const type = typeOf(entries.bgthread, 'ThreadErrorCode') as ts.UnionType
    const codes = type.types.map((one) => (one as ts.StringLiteralType).value)
    const rows = [...proseOf('README.md').matchAll(/^\| `([A-Z_]+)` /gm)].map(([, code]) => code!)
    expect([...rows].sort()).toEqual(codes.sort())
  })
})
