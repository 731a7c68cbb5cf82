/** The tests of one framework, run in one way or in several projects, as `FRAMEWORK` and `WAY` say. */
import { svelte } from '@sveltejs/vite-plugin-svelte'
import vue from '@vitejs/plugin-vue'
import { playwright } from '@vitest/browser-playwright'
import bgthread from 'bgthread/vite'
import { defineConfig } from 'vitest/config'

const { FRAMEWORK = 'svelte', WAY = 'browser', BGTHREAD_CHROMIUM: executablePath = '' } = process.env
const launchOptions = { executablePath, args: ['--no-sandbox'] }

const test = (way: string) => ({
  name: way,
  include: [way === 'node' || way === 'pinia' ? `${way}.check.ts` : `${FRAMEWORK}.${way}.check.ts`],
  environment: way === 'happy-dom' ? 'happy-dom' : 'node',
  browser: {
    enabled: way === 'browser',
    headless: true,
    screenshotFailures: false,
    provider: playwright({ launchOptions }),
    instances: [{ browser: 'chromium' as const }],
  },
})
// Svelte's `mount` is in its code for browsers.
const inBrowserLike = { resolve: { conditions: ['browser'] } }

export default defineConfig({
  plugins: [bgthread(), FRAMEWORK === 'vue' ? vue() : svelte({ configFile: false })],
  cacheDir: `.cache/${FRAMEWORK}-${WAY}`,
  ...(WAY === 'happy-dom' && inBrowserLike),
  test:
    WAY === 'projects'
      ? {
          projects: [
            { extends: true, ...inBrowserLike, test: test('happy-dom') },
            { extends: true, test: test('browser') },
          ],
        }
      : test(WAY),
})
