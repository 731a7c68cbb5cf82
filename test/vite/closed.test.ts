/** Logics whose module closes its worker before the page can see the worker's end. */
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import bgthread from 'bgthread/vite'
import { buildApp, plainConfig, serveApp, writeApp } from './support/app.js'
import { serveFolder, type Site } from './support/serve.js'
import { openForAll } from './support/suite.js'

/** What the page puts on `window`. */
declare global {
  interface Window {
    startClosing(kind: string, logic: string, name: string): Promise<unknown>
  }
}

/** What a module does that has no await. The thread has its name. */
const acts: Record<string, string> = {
  'self.close()': 'self.close()',
  'close()': 'close()',
  'globalThis.close()': 'globalThis.close()',
  'close() as a callback': '[0].forEach(close)',
  'close() through Reflect': 'Reflect.apply(self.close, self, [])',
  'close() twice': 'close(); self.close()',
  'close() and throws': `close(); throw new Error('later')`,
  'close() after a computation': `for (const end = Date.now() + 300; Date.now() < end;); close()`,
  'close() in a microtask': 'queueMicrotask(() => close())',
}

/** What a module does that awaits. */
const awaiting: Record<string, string> = {
  'close() and waits for ever': 'close(); await new Promise(() => {})',
  'close() after a short await': 'await null; close(); await new Promise(() => {})',
}

const functions = (acts: Record<string, string>, before: string) =>
  `{ ${Object.entries(acts).map(([name, code]) => `${JSON.stringify(name)}: ${before} () => { ${code} }`)} }`
const logic = `export default class { give() { return 'given' } }`
const byHand = (logic: string) =>
  `import { expose } from 'bgthread/worker'; expose(import('./${logic}').then((module) => module.default))`

const files = {
  'acts.js': `const acts = ${functions(acts, '')}; acts[self.name]()`,
  'logic.js': `import './acts.js'; ${logic}`,
  'awaiting.js': `const acts = ${functions(awaiting, 'async')}; await acts[self.name](); ${logic}`,
  'hand-logic.js': byHand('logic.js'),
  'hand-awaiting.js': byHand('awaiting.js'),
  'direct.js': `import { expose } from 'bgthread/worker'; expose(class { give() { return 'given' } }); self.close()`,
  'main.ts': `
    import { bgThread } from 'bgthread'
    const loads = {
      own: {
        logic: (options) => bgThread(() => import('./logic.js'), options),
        awaiting: (options) => bgThread(() => import('./awaiting.js'), options),
      },
      shared: {
        logic: (options) => bgThread(() => import('./logic.js'), { ...options, shared: true }),
        awaiting: (options) => bgThread(() => import('./awaiting.js'), { ...options, shared: true }),
      },
      'by hand': {
        logic: (options) =>
          bgThread(({ name }) => new Worker(new URL('./hand-logic.js', import.meta.url), { type: 'module', name }), options),
        awaiting: (options) =>
          bgThread(({ name }) => new Worker(new URL('./hand-awaiting.js', import.meta.url), { type: 'module', name }), options),
        direct: (options) =>
          bgThread(({ name }) => new Worker(new URL('./direct.js', import.meta.url), { type: 'module', name }), options),
      },
    }
    window.startClosing = async (kind, logic, name) => {
      const thread = loads[kind][logic]({ name, startTimeout: 60_000, restart: false })
      const call = thread.proxy.give().catch((error) => error)
      const error = await thread.ready.then(() => 'ready', (error) => error)
      const { state } = thread.status.get()
      thread.terminate()
      return [state, error.name, error.code, error.message, (await call) === error]
    }
    document.title = 'loaded'`,
}

async function build(inline: boolean): Promise<Site> {
  const root = await writeApp(files)
  const config = { ...plainConfig(root), plugins: [bgthread({ inline })], worker: { format: 'es' as const } }
  await buildApp({ ...config, build: { outDir: join(root, 'dist') } })
  return serveFolder(join(root, 'dist'), '/')
}

const ways: [way: string, start: () => Promise<Site>][] = [
  ['a build', () => build(true)],
  ['a build with inline: false', () => build(false)],
  ['development', async () => serveApp({ ...plainConfig(await writeApp(files)), plugins: [bgthread()] })],
]

const failed = (name: string) => [
  'failed',
  'ThreadStartError',
  'START_FAILED',
  `thread '${name}' died while it started: its logic has closed the worker`,
  true,
]

describe.each(ways)('in %s the start fails at once', (_way, start) => {
  const open = openForAll(start)
  const run = (...call: Parameters<Window['startClosing']>) =>
    open.opened.page.evaluate((call) => window.startClosing(...call), call)

  describe.each(['own', 'shared', 'by hand'])('of a worker (%s) whose module calls', (kind) => {
    test.each(Object.keys(acts))('%s', async (name) => {
      expect(await run(kind, 'logic', name)).toEqual(failed(name))
    })

    test.each(Object.keys(awaiting))('%s', async (name) => {
      expect(await run(kind, 'awaiting', name)).toEqual(failed(name))
    })
  })

  test('of a worker written by hand that closes itself in the line after expose()', async () => {
    expect(await run('by hand', 'direct', 'x')).toEqual(failed('x'))
  })
})
