/** What a development server optimizes before a page asks for it. */
import vue from '@vitejs/plugin-vue'
import { mergeConfig, resolveConfig, type InlineConfig } from 'vite'
import { expect, test } from 'vitest'
import bgthread from 'bgthread/vite'
import { plainConfig, writeApp } from './support/app.js'

async function optimized(config: InlineConfig) {
  const own = { ...plainConfig(await writeApp({})), plugins: [bgthread()] }
  const { optimizeDeps, environments } = await resolveConfig(mergeConfig(own, config), 'serve')
  return [optimizeDeps.include, environments['client']?.optimizeDeps.include].map((all) => all ?? [])
}

test('with the plugin of Vue, Vue is optimized beforehand', async () => {
  for (const include of await optimized({ plugins: [vue()] })) expect(include).toContain('vue')
})

test('without the plugin of Vue, Vue is not optimized beforehand', async () => {
  for (const include of await optimized({})) expect(include).not.toContain('vue')
})

// The optimizer of Vite 7 fails on a dependency that is both; Nuxt excludes Vue.
test.each<[string, InlineConfig]>([
  ['of all environments', { optimizeDeps: { exclude: ['vue'] } }],
  ['of the client', { environments: { client: { optimizeDeps: { exclude: ['vue'] } } } }],
  [
    'by a plugin',
    { plugins: [{ name: 'excludes', config: () => ({ optimizeDeps: { exclude: ['vue'] } }) }] },
  ],
])('a project that excludes Vue from optimizing keeps it excluded: %s', async (_place, config) => {
  for (const include of await optimized(mergeConfig({ plugins: [vue()] }, config)))
    expect(include).not.toContain('vue')
})
