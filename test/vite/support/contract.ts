import { beforeAll, describe, expect, test } from 'vitest'
import type { Visit } from './browser.js'
import { patient } from './patient.js'
import type { Site } from './serve.js'
import { openForAll } from './suite.js'

/** What the fixture puts on `window`. */
declare global {
  interface Window {
    places(): Promise<Record<string, string>>
    tool(name: string): Promise<unknown>
  }
}

const forms = [
  'a default export',
  'a second thread on the same module',
  'a renamed import',
  'a namespace import',
  'a picked export',
  'a destructured export',
  'one return',
  'a const load',
  'a factory',
  'a hand-made worker',
]

const tools: [fact: string, tool: string, answer: unknown][] = [
  ['gives the worker the name of the thread', 'name', 'toolbox'],
  ['runs TypeScript', 'typeScript', 'yes'],
  ['keeps every character of a string', 'unicode', 'é → 😀'],
  ['keeps every character of a raw template', 'rawUnicode', String.raw`é\n😀`],
  ['takes a dependency from node_modules along', 'dependency', [1, 2, 3]],
  ['takes a lazy import along', 'lazyImport', 'imported later'],
  ["runs the other plugins' virtual modules", 'virtualModule', 'hello from a virtual module'],
  ["runs the other plugins' transforms", 'transformedFile', 'ROSES ARE RED'],
  ['knows constants and the environment', 'constants', ['a constant', 'from .env']],
  ['imports JSON', 'json', { from: 'json' }],
  ['imports a file as text', 'raw', 'a note'],
  ['imports the URL of a file', 'assetUrl', 'a note'],
  ['finds a file by new URL(…, import.meta.url)', 'assetByUrl', 'a note'],
  ["resolves a relative fetch against the page's URL", 'fetchRelative', '{ "from": "public" }'],
  ["resolves a relative Request against the page's URL", 'requestRelative', '{ "from": "public" }'],
  ["resolves a relative XMLHttpRequest against the page's URL", 'xhrRelative', '{ "from": "public" }'],
  ['starts WASM by ?init', 'wasmInit', 42],
  ['starts WASM by streaming from new URL(…, import.meta.url)', 'wasmStreaming', 42],
  ["starts a thread from inside a worker of the user's own", 'assetOfThread', 'a note'],
  ['starts a thread from inside a thread', 'threadOfItsOwn', ['a note', '{ "from": "public" }']],
]

/**
 * What holds of the fixture however it is built and served.
 *
 * @returns the visit, from the first test on.
 */
export function describeFixture(
  title: string,
  start: () => Promise<Site>,
  more: (app: () => Visit) => void,
): void {
  describe(title, () => {
    let places: Record<string, string>

    const open = openForAll(start, () => 'places' in window)
    beforeAll(async () => {
      places = await open.opened.page.evaluate(() => window.places())
    }, 60_000)

    test.each(forms)('%s starts a worker', (form) => {
      expect(places[form]).toBe('worker')
    })

    test.each(['svelte', 'vue'])('a thread started in a %s component is a worker', async (framework) => {
      await expect.poll(() => open.opened.page.textContent(`#${framework} output`), patient).toBe('worker')
    })

    test.each(tools)('%s', async (_fact, tool, answer) => {
      expect(await open.opened.page.evaluate((name) => window.tool(name), tool)).toEqual(answer)
    })

    more(() => open.opened)

    test('goes without an error, a missing file or a reload', () => {
      expect(open.opened.problems).toEqual([])
      expect(open.opened.navigations).toEqual([open.site.url])
    })
  })
}
