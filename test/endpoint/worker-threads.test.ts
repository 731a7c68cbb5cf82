/** Threads that are workers of Node, through the adapter that the guide shows. */
import { mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Worker } from 'node:worker_threads'
import { build } from 'vite'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { bgThread, ThreadDiedError, ThreadStartError, type Endpoint, type Thread } from 'bgthread'
import { alias } from '../../vite.config.js'
import { describeContract } from '../contract/contract'
import type ContractLogic from '../contract/logic'
import { root, snippetsOf } from '../docs/markdown'
import { endAfterEach } from '../support/end-after-each.js'

const project = realpathSync(mkdtempSync(join(tmpdir(), 'bgthread-endpoint-')))
const workers: Worker[] = []
let endpointOf: (side: Worker) => Endpoint

const entry = (logic: string, exported: string) => `
  import { parentPort } from 'node:worker_threads'
  import 'bgthread/client'
  import { expose } from 'bgthread/worker'
  import { endpointOf } from './endpoint'
  import ${exported} from ${JSON.stringify(logic)}
  expose(${exported}, endpointOf(parentPort))`

const files = {
  'endpoint.ts': snippetsOf('docs/endpoints.md').find(({ code }) => code.startsWith('// src/endpoint.ts'))!
    .code,
  'contract.ts': entry(join(root, 'test/contract/logic.ts'), 'Logic'),
  'mortal.ts': entry('./mortal-logic', 'Mortal'),
  'mortal-logic.ts': `
    import { parentPort, threadId } from 'node:worker_threads'
    export default class Mortal {
      #host
      onStart({ host }) { this.#host = host }
      id() { return threadId }
      ask(question) { return this.#host.ask(question) }
      exit() { process.exit() }
      throwLater() { setTimeout(() => { throw new RangeError('nobody catches this') }) }
      never() { return new Promise(() => {}) }
    }`,
  'package.json': '{ "type": "module" }',
  'broken.ts': `throw new Error('broken from the start')`,
}

beforeAll(async () => {
  for (const [name, text] of Object.entries(files)) writeFileSync(join(project, name), text)
  symlinkSync(join(root, 'node_modules'), join(project, 'node_modules'), 'junction')
  // Plain JavaScript, as Node runs it.
  await build({
    root: project,
    configFile: false,
    logLevel: 'error',
    resolve: { alias },
    ssr: { noExternal: true },
    build: {
      ssr: true,
      target: 'es2022',
      rollupOptions: { input: ['contract', 'mortal', 'broken'].map((name) => join(project, `${name}.ts`)) },
    },
  })
  ;({ endpointOf } = (await import(/* @vite-ignore */ join(project, 'endpoint.ts'))) as {
    endpointOf: typeof endpointOf
  })
}, 60_000)
afterAll(() => rmSync(project, { recursive: true, force: true }))

/** The load of a thread whose worker runs one of the files. */
const load = (name: string) => () => {
  workers.push(new Worker(join(project, 'dist', `${name}.js`)))
  return endpointOf(workers.at(-1)!)
}

describe('the contract', () => {
  // Where errors that nobody has caught would be seen.
  beforeAll(() => void vi.stubGlobal('window', new EventTarget()))
  afterAll(() => void vi.unstubAllGlobals())

  const same = 'the same code on both sides, whatever lies between'
  const long = 'the same code on both sides: the long run has it'
  describeContract(
    'worker of Node',
    (options) => bgThread<typeof ContractLogic>(load('contract'), options as { args: [] }),
    {
      worker: false,
      without: {
        settling: same,
        pace: same,
        patches: same,
        arguments: 'it makes elements of a page',
        reach: same,
        fireAndForget: same,
        ...(!process.env['VITE_LONG'] && { order: long, streams: long }),
      },
    },
  )
})

describe('a worker of Node', () => {
  interface Mortal {
    id(): number
    ask(question: string): string
    exit(): void
    throwLater(): void
    never(): Promise<void>
  }
  const track = endAfterEach()
  function start(options = {}): Thread<Mortal> {
    const thread = bgThread<Mortal>(load('mortal'), { name: 'mortal', linger: 0, ...options })
    track(thread)
    return thread
  }

  it('runs the logic on a thread of its own', async () => {
    const { proxy } = start()
    expect(await proxy.id()).toBe(workers.at(-1)!.threadId)
  })

  it('that exits fails the calls that wait, and is started again', async () => {
    const { proxy, status } = start()
    const first = await proxy.id()
    const waits = proxy.never()
    proxy.exit().catch(() => {})
    await expect(waits).rejects.toBeInstanceOf(ThreadDiedError)
    await vi.waitFor(() => expect(status.get()).toMatchObject({ state: 'ready', epoch: 2 }))
    expect(await proxy.id()).not.toBe(first)
  })

  it('that dies of an error tells it first', async () => {
    const errors: unknown[] = []
    const { proxy, status } = start({ onError: (error: unknown) => errors.push(error) })
    await proxy.throwLater()
    await vi.waitFor(() => expect(status.get()).toMatchObject({ state: 'ready', epoch: 2 }))
    expect(errors).toMatchObject([{ message: 'nobody catches this' }])
  })

  it('that cannot start says why', async () => {
    const thread = bgThread<Mortal>(load('broken'), { restart: false, onError: () => {} })
    track(thread)
    await expect(thread.ready).rejects.toMatchObject({
      constructor: ThreadStartError,
      message: expect.stringContaining('broken from the start') as string,
    })
  })

  it('calls the services of the one that has made it', async () => {
    const { proxy } = start({ host: { ask: (question: string) => `${question} yes` } })
    expect(await proxy.ask('really?')).toBe('really? yes')
  })

  it('is gone when its thread is closed', async () => {
    const thread = start()
    await thread.ready
    const exited = new Promise((resolve) => workers.at(-1)!.once('exit', resolve))
    await thread.close()
    await exited
  })
})
