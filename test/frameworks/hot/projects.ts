/** One small app, as a project of each framework whose development server is a Vite. */
import { readFileSync } from 'node:fs'
import { basename, posix } from 'node:path'

export interface Project {
  dependencies: Record<string, string>
  /** The oldest version of Node that it runs in. */
  node?: string
  /** The script that starts its development server, as `npm run dev` does. */
  server: [file: string, ...args: string[]]
  /** Its files, by path. */
  files: Record<string, string>
  /** The folder in which the logic stands. */
  logic: string
}

const read = (file: string) => readFileSync(new URL(file, import.meta.url), 'utf8')

const app = (folder: string, view: string) => ({
  [`${folder}/app.ts`]: read('app.ts'),
  [`${folder}/logic.ts`]: read('logic.ts'),
  [`${folder}/words.ts`]: read('words.ts'),
  [view]: read(basename(view)).replace(`'./app'`, `'${importOf(`${folder}/app`, view)}'`),
})

/** The specifier by which a module imports another one, both given by their paths in the project. */
function importOf(module: string, importer: string) {
  const path = posix.relative(posix.dirname(importer), module)
  return path.startsWith('.') ? path : `./${path}`
}

const page = (more = '') => `<!doctype html>
<html lang="en">
  <head><link rel="icon" href="data:," />${more}</head>
  <body>%body%</body>
</html>`

const vite = (version: string, plugin: string, view: string, main: string): Project => ({
  dependencies: { vite: version, ...(view === 'View.vue' ? { vue: '^3.5' } : { svelte: '^5' }) },
  server: ['vite/bin/vite.js', '--strictPort'],
  files: {
    ...app('src', `src/${view}`),
    'index.html': page().replace(
      '%body%',
      '<div id="app"></div><script type="module" src="/src/main.ts"></script>',
    ),
    'src/main.ts': `import View from './${view}'\n${main}`,
    'vite.config.js': `
      import bgthread from 'bgthread/vite'
      import ${plugin}
      export default { plugins: [bgthread(), plugin()] }`,
  },
  logic: 'src',
})

const withSvelte = (version: string, plugin: string): Project => {
  const project = vite(
    version,
    `{ svelte as plugin } from '@sveltejs/vite-plugin-svelte'`,
    'View.svelte',
    `import { mount } from 'svelte'\nmount(View, { target: document.querySelector('#app') })`,
  )
  return {
    ...project,
    dependencies: { ...project.dependencies, '@sveltejs/vite-plugin-svelte': plugin },
    files: { ...project.files, 'svelte.config.js': 'export default {}' },
  }
}

const withVue = (version: string): Project => {
  const project = vite(
    version,
    `plugin from '@vitejs/plugin-vue'`,
    'View.vue',
    `import { createApp } from 'vue'\ncreateApp(View).mount('#app')`,
  )
  return { ...project, dependencies: { ...project.dependencies, '@vitejs/plugin-vue': '^6' } }
}

const svelteKit = (dependencies: Record<string, string>, node?: string): Project => ({
  dependencies: { svelte: '^5', ...dependencies },
  node,
  server: ['vite/bin/vite.js', 'dev', '--strictPort'],
  files: {
    ...app('src/lib', 'src/lib/View.svelte'),
    'src/app.html': page('%sveltekit.head%').replace('%body%', '<div>%sveltekit.body%</div>'),
    'src/routes/+page.svelte': `<script>import View from '../lib/View.svelte'</script>\n<View />`,
    'vite.config.js': `
      import { sveltekit } from '@sveltejs/kit/vite'
      import bgthread from 'bgthread/vite'
      export default { plugins: [bgthread(), sveltekit()] }`,
  },
  logic: 'src/lib',
})

const nuxt = (dependencies: Record<string, string>, logic = 'app/utils', node?: string): Project => ({
  dependencies: { vue: '^3.5', ...dependencies },
  node,
  server: ['nuxt/bin/nuxt.mjs', 'dev'],
  files: {
    ...app(logic, 'app/components/View.vue'),
    'app/app.vue': '<template><View /></template>',
    'nuxt.config.ts': `
      import bgthread from 'bgthread/vite'
      export default defineNuxtConfig({
        compatibilityDate: '2026-01-01',
        telemetry: false,
        app: { head: { link: [{ rel: 'icon', href: 'data:,' }] } },
        vite: { plugins: [bgthread()] },
      })`,
    'tsconfig.json': '{ "files": [] }',
  },
  logic,
})

export const projects: Record<string, Project> = {
  'Vite 7 with Svelte': withSvelte('^7', '^6'),
  'Vite 7 with Vue': withVue('^7'),
  'Vite 8 with Svelte': withSvelte('^8', '^7'),
  'Vite 8 with Vue': withVue('^8'),
  'SvelteKit 2': svelteKit({ '@sveltejs/kit': '^2', '@sveltejs/vite-plugin-svelte': '^6', vite: '^7' }),
  'SvelteKit 3': svelteKit(
    { '@sveltejs/kit': '^3', '@sveltejs/vite-plugin-svelte': '^7', typescript: '^6', vite: '^8' },
    '22.17',
  ),
  // After each save in `app`, Nuxt 4.4 writes its own modules anew. If the next save comes before the end, one of them
  // may be without Nuxt's middleware for a moment, and Nuxt reloads the page.
  'Nuxt 4 with Vite 7': nuxt({ nuxt: '~4.4.0' }, 'logic'),
  // Nuxt 4.5 does not build with Vite 8.4.
  'Nuxt 4 with Vite 8': nuxt({ nuxt: '~4.5.0', vite: '~8.3.8' }, 'app/utils', '22.19'),
}
