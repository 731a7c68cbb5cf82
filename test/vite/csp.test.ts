/** Built pages under a Content Security Policy and Trusted Types, with real headers. */
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import bgthread from 'bgthread/vite'
import { buildApp, plainConfig, writeApp } from './support/app.js'
import { visit } from './support/browser.js'
import { patient } from './support/patient.js'
import { serveFolder, type Site } from './support/serve.js'

/** What the page puts on `window`. */
declare global {
  interface Window {
    start(options: { fallback?: 'in process' | 'worker'; trustedTypesPolicy?: string }): Promise<Report>
    startTwo(trustedTypesPolicy: string): Promise<string[]>
  }
}

/** What became of a thread. */
interface Report {
  /** Where the logic runs, and what it was given, or the code and message of the error. */
  outcome: string
  /** What `onError` was called with. */
  told: string[]
  /** Where it runs after a restart. */
  again: string
  /** How often `onError` was called after that. */
  toldAfterAll: number
}

const files = {
  'main.ts': `
    import { bgThread } from 'bgthread'
    import FileWorker from './by-hand?worker'

    const fallbacks = { 'in process': () => import('./logic'), worker: ({ name }) => new FileWorker({ name }) }

    window.start = async ({ fallback, trustedTypesPolicy }) => {
      const told = []
      const thread = bgThread(() => import('./logic'), {
        args: ['with args'],
        // None of what is looked at here comes from waiting in vain.
        startTimeout: 1e9,
        fallback: fallbacks[fallback],
        trustedTypesPolicy,
        onError: (error) => told.push(error.code + ': ' + error.message),
      })
      const moved = new Uint8Array([1, 2, 3]).buffer
      const where = () => thread.proxy.where(moved).catch((error) => error.code + ': ' + error.message)
      const outcome = await where()
      const before = [...told]
      const again = await thread.restart().then(() => thread.proxy.where(), (error) => error.code)
      const report = { outcome, told: before, again, toldAfterAll: told.length }
      thread.terminate()
      return report
    }

    window.startTwo = async (trustedTypesPolicy) => {
      const threads = [1, 2].map(() => bgThread(() => import('./logic'), { args: ['two'], trustedTypesPolicy }))
      return Promise.all(threads.map(({ proxy }) => proxy.where()))
    }
    document.title = 'loaded'`,
  'logic.ts': `
    import { transfer } from 'bgthread/worker'
    export default class {
      constructor(given) { this.given = given }
      where(moved) {
        const where = 'document' in globalThis ? 'on the page' : 'in a worker'
        return [where, new Error().stack.includes('(blob:') ? 'of a blob' : '', this.given, moved?.byteLength ?? ''].join('|')
      }
    }`,
  'by-hand.ts': `
    import { expose } from 'bgthread/worker'
    import Logic from './logic'
    expose(Logic)`,
}

const inlined = 'in a worker|of a blob|with args|3'
const ofFile = 'in a worker||with args|3'
const onPage = 'on the page||with args|3'

let root: string
const sites: Record<'inline' | 'file', Site | undefined> = { inline: undefined, file: undefined }

beforeAll(async () => {
  root = await writeApp(files)
  for (const kind of ['inline', 'file'] as const) {
    const outDir = join(root, kind)
    const plugins = [bgthread({ inline: kind === 'inline' })]
    await buildApp({ ...plainConfig(root), plugins, build: { outDir } })
    sites[kind] = await serveFolder(outDir, '/')
  }
}, 60_000)
afterAll(async () => {
  for (const site of Object.values(sites)) await site?.close()
})

/** Opens the page with a policy. */
async function open(policy: string[], kind: 'inline' | 'file' = 'inline') {
  const search = new URLSearchParams({ policy: policy.filter(Boolean).join('; ') })
  const { page, warnings } = await visit(`${sites[kind]?.url}?${search}`)
  await expect.poll(() => page.title(), patient).toBe('loaded')
  return { page, warnings }
}

/** Starts a thread on a page with a policy. */
async function start(policy: string[], options: Parameters<Window['start']>[0], kind?: 'inline' | 'file') {
  const { page } = await open(policy, kind)
  const report = await page.evaluate((options) => window.start(options), options)
  await page.close()
  return report
}

const trustedTypes = "require-trusted-types-for 'script'"
const named = `${trustedTypes}; trusted-types bgthread`
const policies = [
  ['no policy', '', 'allowed'],
  ['worker-src blob:', "script-src 'self'; worker-src blob:", 'allowed'],
  ["worker-src 'self'", "worker-src 'self'", 'blocked'],
  ["default-src 'self'", "default-src 'self'; img-src data:", 'blocked'],
] as const

const whatToDo = {
  policy: /^START_FAILED: thread 'bgthread' could not start: .*worker-src blob:.*inline: false/,
  trust:
    /^START_FAILED: .*TrustedScriptURL.*option trustedTypesPolicy: 'bgthread' and `trusted-types bgthread`/,
}

describe.each(policies)('under %s', (_title, policy, blob) => {
  const isAllowed = blob === 'allowed'

  test(`an inline worker ${isAllowed ? 'starts' : 'fails at once, and the error says what to do'}`, async () => {
    const { outcome, again, told } = await start([policy], {})
    if (isAllowed) expect(outcome).toBe(inlined)
    else expect(outcome).toMatch(whatToDo.policy)
    expect(again).toBe(isAllowed ? 'in a worker|of a blob|with args|' : 'START_FAILED')
    expect(told).toEqual([])
  })

  test('and Trusted Types it fails at once, and the error says what to do', async () => {
    const { outcome, told } = await start([policy, trustedTypes], {})
    expect(outcome).toMatch(whatToDo.trust)
    expect(told).toEqual([])
  })

  test(`and Trusted Types with the plugin's policy it ${isAllowed ? 'starts' : 'says what else to do'}`, async () => {
    const { outcome } = await start([policy, named], { trustedTypesPolicy: 'bgthread' })
    if (isAllowed) expect(outcome).toBe(inlined)
    else expect(outcome).toMatch(whatToDo.policy)
  })

  test('and Trusted Types that do not allow the policy the error says what to allow', async () => {
    const { outcome } = await start([policy, named], { trustedTypesPolicy: 'mine' })
    expect(outcome).toMatch(/option trustedTypesPolicy: 'mine' and `trusted-types mine`/)
  })

  test.each([
    ['without', '', isAllowed],
    ['with', trustedTypes, false],
  ])('%s Trusted Types a fallback to the page is used where it is needed', async (_with, trust, starts) => {
    const { outcome, told, again, toldAfterAll } = await start([policy, trust], { fallback: 'in process' })
    expect(outcome).toBe(starts ? inlined : onPage)
    expect(again).toBe((starts ? inlined : onPage).replace(/3$/, ''))
    // Once, and the restart goes straight there.
    expect(told).toHaveLength(starts ? 0 : 1)
    expect(toldAfterAll).toBe(told.length)
    const reason = trust ? 'trusted-types bgthread' : 'worker-src blob:'
    const words =
      "START_FAILED: thread 'bgthread' runs its fallback, because its worker could not be loaded: "
    for (const error of told) {
      expect(error.startsWith(words)).toBe(true)
      expect(error).toContain(reason)
    }
  })

  test('a fallback to a worker of another making is used where it is needed', async () => {
    const { outcome, told } = await start([policy], { fallback: 'worker' })
    expect(outcome).toBe(isAllowed ? inlined : ofFile)
    expect(told).toHaveLength(isAllowed ? 0 : 1)
  })
})

describe("under worker-src 'self' a worker that is a file", () => {
  const self = "default-src 'none'; script-src 'self'; worker-src 'self'; connect-src 'self'; img-src data:"

  test('starts', async () => {
    expect(await start([self], {}, 'file')).toMatchObject({ outcome: ofFile, told: [] })
  })

  test("starts with Trusted Types and the plugin's policy", async () => {
    const { outcome } = await start([self, named], { trustedTypesPolicy: 'bgthread' }, 'file')
    expect(outcome).toBe(ofFile)
  })

  test('with Trusted Types and without the policy says what to do', async () => {
    expect((await start([self, named], {}, 'file')).outcome).toMatch(whatToDo.trust)
  })
})

test('two threads share the one policy that a page may make by a name', async () => {
  const { page } = await open([named])
  const worker = 'in a worker|of a blob|two|'
  expect(await page.evaluate(() => window.startTwo('bgthread'))).toEqual([worker, worker])
})

test('a fallback that fails as well fails the start, with its own reason', async () => {
  const { outcome, told } = await start(["worker-src 'none'"], { fallback: 'worker' })
  expect(outcome).toMatch(/^START_FAILED: thread 'bgthread' could not start: .*worker-src blob:/)
  expect(told).toHaveLength(1)
})

describe('of all causes the error names the directive that blocks the worker', () => {
  const cases = [
    ["script-src 'self'; worker-src 'self'", "worker-src 'self'"],
    ["default-src 'self'; img-src data:", "default-src 'self'"],
    ["default-src 'self'; script-src 'self'", "script-src 'self'"],
    ["script-src 'self' blob:; child-src 'self'", "child-src 'self'"],
    ['img-src data:; Worker-Src https://elsewhere.example', 'Worker-Src https://elsewhere.example'],
  ] as const

  test.each(cases)('under %s', async (policy, directive) => {
    const { outcome } = await start([policy], {})
    expect(outcome).toContain(
      `thread 'bgthread' could not start: the Content Security Policy of the page blocks its script (blob) by \`${directive}\`.`,
    )
    expect(outcome).not.toMatch(/syntax error|404|MIME/)
    expect(outcome).not.toContain('..')
  })

  test("and the script's URL where the worker is a file", async () => {
    const { outcome } = await start(["worker-src 'none'"], {}, 'file')
    expect(outcome).toMatch(/blocks its script \(http:.*\.js\) by `worker-src 'none'`/)
  })
})
