/** Tests of a user's components, with the plugin: in each Vitest that is in use, each framework, each way to run them. */
import { beforeAll, describe, expect, it } from 'vitest'
import { makeProject, type Project } from './project'

const common = {
  '@sveltejs/vite-plugin-svelte': '^7',
  '@vitejs/plugin-vue': '^6',
  'happy-dom': '*',
  pinia: '*',
  playwright: 'npm:playwright-core@^1.65.1',
  svelte: '^5',
  vite: '^8',
  'vitest-browser-svelte': '*',
  'vitest-browser-vue': '*',
  vue: '^3.5',
}
const versions = [
  { version: '4', node: '20.19' },
  { version: '5', node: '22.12' },
]

describe.each(versions)('in Vitest $version', ({ version, node }) => {
  let project: Project

  beforeAll(async () => {
    const vitest = { vitest: version, '@vitest/browser-playwright': version }
    project = await makeProject('vitest', { ...common, ...vitest }, node)
  })

  it('a Pinia store that returns a ref of ours, marked with skipHydrate, is not hydrated with old state', async () => {
    const { ok, output } = await project.run('vitest/vitest.mjs', ['run'], { FRAMEWORK: 'vue', WAY: 'pinia' })
    expect(ok, output).toBe(true)
  })

  describe.each(['svelte', 'vue'])('with the plugin of %s', (framework) => {
    it.each([
      ['node', 'a logic is tested in Node'],
      ['happy-dom', 'a component is tested in happy-dom, its thread in process'],
      ['browser', 'a component is tested in a browser, its thread in a worker, and no test reloads'],
      ['projects', 'projects of both kinds run side by side'],
    ])('%s: %s', async (way) => {
      const env = { FRAMEWORK: framework, WAY: way }
      const { ok, output } = await project.run('vitest/vitest.mjs', ['run'], env)
      expect(ok, output).toBe(true)
      expect(output).toMatch(way === 'projects' ? /Tests +2 passed/ : /Tests +1 passed/)
      // A cold cache, as each has here: what is found late reloads the page of a test.
      expect(output).not.toMatch(/unexpectedly reloaded|dependencies changed/)
    })
  })
})
