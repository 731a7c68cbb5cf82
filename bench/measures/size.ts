import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { brotliCompressSync } from 'node:zlib'
import { parseAst } from 'vite'
import { buildHello, dist } from '../harness/build.js'
import { defineMeasure } from '../harness/measure.js'

interface Sizes {
  page: number
  thread: number
  both: number
}

const sizes = new Map<string, Sizes>()

/** The smallest app, a call and a stream, as its users load it: minified and compressed. */
export default defineMeasure({
  id: 'size',
  rounds: 1,
  results: {
    page: { title: 'hello app, UI side', unit: 'kB', better: 'lower' },
    thread: { title: 'hello app, thread side', unit: 'kB', better: 'lower' },
    both: { title: 'hello app, both sides', unit: 'kB', better: 'lower' },
  },
  async prepare(builder, contenders) {
    for (const name of contenders) {
      await buildHello(builder, name)
      sizes.set(name, await measureFolder(join(dist, 'hello', name, 'assets')))
    }
  },
  async run({ contender }) {
    return sizes.get(contender) ?? { cannot: 'It was not built.' }
  },
})

/** The sizes of an app whose page carries its worker. @param folder of the scripts that were built */
export async function measureFolder(folder: string): Promise<Sizes> {
  const names = (await readdir(folder)).filter((name) => name.endsWith('.js'))
  const code = (await Promise.all(names.map((name) => readFile(join(folder, name), 'utf8')))).join('\n')
  const { start, end, text } = findWorker(code)
  const page = kilobytes(code.slice(0, start) + code.slice(end))
  const thread = kilobytes(text)
  return { page, thread, both: page + thread }
}

const kilobytes = (text: string) => brotliCompressSync(text).byteLength / 1000

interface Found {
  start: number
  end: number
  text: string
}

/** The worker's code stands in the page's as a string: its longest one. */
function findWorker(code: string): Found {
  let longest: Found = { start: 0, end: 0, text: '' }
  const look = (node: unknown): void => {
    if (typeof node !== 'object' || node === null) return
    const text = readString(node)
    if (text !== undefined && text.length > longest.text.length && 'start' in node && 'end' in node) {
      longest = { start: Number(node.start), end: Number(node.end), text }
    }
    Object.values(node).forEach(look)
  }
  look(parseAst(code))
  return longest
}

/** What a string or a template without holes holds. */
function readString(node: object): string | undefined {
  if (!('type' in node)) return undefined
  if (node.type === 'Literal' && 'value' in node && typeof node.value === 'string') return node.value
  if (node.type !== 'TemplateLiteral' || !('quasis' in node) || !Array.isArray(node.quasis)) return undefined
  return node.quasis.length === 1 ? node.quasis[0].value.cooked : undefined
}
