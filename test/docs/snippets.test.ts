import { spawn } from 'node:child_process'
import {
  mkdirSync,
  mkdtempSync,
  readFileSync,
  realpathSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { bgThread, type Thread } from 'bgthread'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { papers, read, root, snippetsOf, type Snippet } from './markdown'

/** Languages that are code, and those that are none. Others, like js, would go unchecked. */
const CODE = ['ts', 'svelte', 'vue']
const TEXT = ['sh', 'text', 'mermaid']
/** Configuration of other bundlers, with which `npm run test:frameworks` builds. */
const CONFIGURATION = { paper: 'docs/bundlers.md:', languages: ['js', 'json'] }

const snippets = papers().flatMap(snippetsOf)
const files = new Map<string, Snippet>()
const methods: string[] = []
for (const snippet of snippets.filter(({ language }) => CODE.includes(language))) {
  const name = nameOf(snippet)
  if (files.has(name)) throw new Error(`two snippets are ${name}: ${placeOf(snippet)}`)
  files.set(name, snippet)
  if (/^class TodoApp \{/m.test(snippet.code)) methods.push(name)
}

// Outside of node_modules, where the checkers look for dependencies only.
const project = realpathSync(mkdtempSync(join(tmpdir(), 'bgthread-docs-')))
beforeAll(writeProject)
afterAll(() => rmSync(project, { recursive: true, force: true }))

it('every fenced block says what it is', () => {
  const unknown = snippets.filter(({ language }) => ![...CODE, ...TEXT].includes(language))
  const isConfiguration = (snippet: Snippet) =>
    placeOf(snippet).startsWith(CONFIGURATION.paper) && CONFIGURATION.languages.includes(snippet.language)
  expect(unknown.filter((snippet) => !isConfiguration(snippet)).map(placeOf)).toEqual([])
  expect(files.size).toBeGreaterThan(20)
})

describe('the snippets', { timeout: 120_000, concurrent: true }, () => {
  it('in TypeScript and Vue compile', async () => {
    expect(await check('vue-tsc/bin/vue-tsc.js', ['-p', project])).toBe('')
  })

  it('in Svelte compile', async () => {
    const args = ['--workspace', project, '--tsconfig', join(project, 'tsconfig.json'), '--fail-on-warnings']
    const output = await check('svelte-check/bin/svelte-check', [...args, '--output', 'machine-verbose'])
    expect(output).toContain('COMPLETED')
    expect(output.split('\n').filter((line) => /"type":"(ERROR|WARNING)"/.test(line))).toEqual([])
  })
})

it('the first screen does what it says', async () => {
  const thread = await start<{ add(title: string): number; watchTodos(): AsyncIterable<string[]> }>(
    'todo-app',
  )
  expect(await thread.proxy.add('milk')).toBe(1)
  for await (const todos of thread.proxy.watchTodos()) {
    expect(todos).toEqual(['milk'])
    break
  }
  await thread.close()
})

it('a derived stream has its snapshot when the reply comes', async () => {
  interface Row {
    number: string
    title: string
  }
  const thread = await start<{ setRows(rows: Row[]): void; watchRows(from: number, to: number): Rows<Row> }>(
    'watchRows',
  )
  const rows = ['milk', 'bread', 'tea'].map((title, i) => ({ number: `${i}`, title }))
  const shown = thread.proxy.watchRows(1, 2)
  const unsubscribe = shown.subscribe(() => {})
  await thread.proxy.setRows(rows)
  expect(shown.get()).toEqual([rows[1]])
  unsubscribe()
  await thread.close()
})

it('a snapshot that is written to throws what the guide says', async () => {
  interface Order {
    number: string
    sum: number
  }
  const thread = await start<{ setSum(number: string, sum: number): void; watchOrders(): Rows<Order> }>(
    'watchOrders',
    [{ number: 'a', sum: 1 }],
  )
  const orders = thread.proxy.watchOrders()
  const unsubscribe = orders.subscribe(() => {})
  await thread.proxy.setSum('a', 2)
  const [message] = /TypeError: Cannot assign[^`]+/.exec(read('README.md')) ?? []
  const write = () => (orders.get()![0]!.sum = 3)
  expect(write).toThrow(TypeError)
  expect(message).toBe(caught(write))
  unsubscribe()
  await thread.close()
})

/** What is thrown, as a console shows it. */
function caught(run: () => void): string {
  try {
    run()
    return 'nothing'
  } catch (error) {
    return String(error)
  }
}

type Rows<R> = AsyncIterable<R[]>

/** Starts a logic of the README: that of a file, or that with a method. */
async function start<L extends object>(what: string, ...args: unknown[]) {
  const isMeant = ([name, { code }]: [string, Snippet]) =>
    name === `src/${what}.ts` || code.includes(`\n  ${what}(`)
  const [name] = [...files].find(isMeant)!
  type Exports = Record<'default' | 'TodoApp', new (...args: unknown[]) => L>
  const module = (await import(/* @vite-ignore */ join(project, name))) as Exports
  const load = async () => (module.default ?? module.TodoApp) as new (...args: unknown[]) => object
  return bgThread(load, { args }) as Thread<L>
}

/** A snippet's first line may name its file: `// src/app.ts: the app's one thread`. Others stand in `src`. */
function nameOf({ code, language, place }: Snippet): string {
  const named = /^(?:\/\/|<!--) ([\w./-]+\.(?:ts|svelte|vue))\b/.exec(code)
  return named?.[1] ?? `src/${place.paper.replace(/\W/g, '-')}-${place.line}.${language}`
}

function placeOf({ place }: Snippet): string {
  return `${place.paper}:${place.line}`
}

/** Each snippet a file; what the guide says of `proxy` and `thread` is declared for all. */
function writeProject(): void {
  for (const [name, { code, language }] of files) {
    const isPart = methods.includes(name)
    write(name, language === 'ts' ? `${code}export ${isPart ? '{ TodoApp }' : '{}'}\n` : code)
  }
  const parts = methods.map((name) => `Remote<import('./${name.replace(/\.ts$/, '')}').TodoApp>`)
  write(
    'guide.d.ts',
    `import type { Remote } from 'bgthread'
     declare global {
       const thread: typeof import('./src/app').thread
       const proxy: ${['typeof import("./src/app").proxy', ...parts].join(' & ')}
     }`,
  )
  const { compilerOptions } = JSON.parse(readFileSync(join(root, 'tsconfig.json'), 'utf8')) as {
    compilerOptions: { paths: Record<string, string[]> }
  }
  const paths = Object.entries(compilerOptions.paths).map(([name, [path]]) => [name, [join(root, path!)]])
  const own = { paths: Object.fromEntries(paths), rootDir: '/' }
  write(
    'tsconfig.json',
    JSON.stringify({
      compilerOptions: { ...compilerOptions, ...own },
      include: ['**/*'],
      exclude: ['node_modules'],
    }),
  )
  // svelte-check would run the README's vite.config.ts instead.
  write('svelte.config.js', 'export default {}\n')
  symlinkSync(join(root, 'node_modules'), join(project, 'node_modules'), 'junction')
}

function write(name: string, text: string): void {
  mkdirSync(dirname(join(project, name)), { recursive: true })
  writeFileSync(join(project, name), text)
}

/** What a checker finds, with the places of the snippets in their papers. */
async function check(script: string, args: string[]): Promise<string> {
  const checker = spawn(process.execPath, [join(root, 'node_modules', script), ...args], { cwd: project })
  let output = ''
  checker.stdout.on('data', (data: Buffer) => (output += data.toString()))
  checker.stderr.on('data', (data: Buffer) => (output += data.toString()))
  await new Promise((resolve) => checker.on('close', resolve))
  for (const [name, snippet] of files) output = output.replaceAll(name, `${name} [from ${placeOf(snippet)}]`)
  return output
}
