/** The compiler's `exactOptionalPropertyTypes`: an option that may be undefined is passed as it is. */
import ts from 'typescript'
import { expect, it } from 'vitest'

const USES = `
import { attach, bgPool, bgThread, type PoolOptions, type Observer } from 'bgthread'
import { state, stream } from 'bgthread/worker'
import { bgStore } from 'bgthread/svelte'
import { useBgRef } from 'bgthread/vue'
import bgthread from 'bgthread/vite'
class Logic { watch() { return stream(state(1, { key: text, patches: flag }), { key: text, patches: flag }) } }
declare const text: string | undefined
declare const flag: boolean | undefined
declare const count: number | undefined
declare const fail: ((error: unknown) => void) | undefined
declare const signal: AbortSignal | undefined
const load = async () => Logic
const thread = bgThread(load, {
  name: text, startTimeout: count, onError: fail, fallback: undefined, trustedTypesPolicy: text, linger: count, buffer: count,
  args: undefined, host: undefined, shared: flag, onHang: undefined, server: undefined,
  restart: { max: count, within: count }, heartbeat: { interval: count, limit: count }, limits: { calls: count, subscriptions: count },
})
void thread.close({ timeout: count })
void thread.restart({ timeout: count })
thread.proxy.watch().subscribe({ next: undefined, error: fail, complete: undefined, status: undefined })
attach<Logic>(thread.connect(), { name: text, host: undefined, limits: undefined })
const pool = bgPool(load, { name: text, size: count, concurrency: count, idleTimeout: count, restart: undefined })
void pool.map([1], (n: number) => n, { signal, onProgress: undefined })
void pool.close({ timeout: count })
bgStore(thread.proxy.watch, { initial: undefined, keepPrevious: flag })
useBgRef(thread.proxy.watch, { initial: undefined, keepPrevious: flag })
bgthread({ inline: flag })
`

it('every option takes undefined', () => {
  const config = ts.readConfigFile('tsconfig.json', ts.sys.readFile.bind(ts.sys)).config as {
    compilerOptions: object
  }
  const { options } = ts.convertCompilerOptionsFromJson(
    { ...config.compilerOptions, exactOptionalPropertyTypes: true, allowJs: false, types: [] },
    process.cwd(),
  )
  const file = `${process.cwd()}/test/types/exact-options.virtual.ts`
  const host = ts.createCompilerHost(options)
  const { getSourceFile, fileExists } = host
  host.fileExists = (name) => name === file || fileExists.call(host, name)
  host.getSourceFile = (name, ...rest) =>
    name === file ? ts.createSourceFile(name, USES, rest[0]) : getSourceFile.call(host, name, ...rest)
  const program = ts.createProgram([file], options, host)
  const errors = program.getSemanticDiagnostics(program.getSourceFile(file))
  expect(errors.map(({ messageText }) => ts.flattenDiagnosticMessageText(messageText, ' '))).toEqual([])
  expect(errors).toHaveLength(0)
})
