import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { svelte } from '@sveltejs/vite-plugin-svelte'
import vue from '@vitejs/plugin-vue'
import { defineConfig, type Plugin } from 'vite'
import bgthread from '../src/vite/index.js'
import { alias } from '../vite.config.js'

const here = (path: string) => fileURLToPath(new URL(path, import.meta.url))

export default defineConfig({
  root: here('.'),
  base: './',
  plugins: [bgthread(), svelte({ configFile: false }), vue(), readMe()],
  resolve: { alias },
  // Found before they are asked for: a dependency met later would reload the page.
  optimizeDeps: { include: ['svelte', 'svelte/store', 'vue'] },
  build: {
    outDir: here('./dist'),
    emptyOutDir: true,
    // The style sheets use light-dark() and registered colours as they are.
    cssTarget: ['chrome123', 'firefox128', 'safari17.5'],
  },
})

/** Serves the repository's README beside the playground, as plain text. */
function readMe(): Plugin {
  const fileName = 'README.txt'
  const read = () => readFileSync(here('../README.md'), 'utf8')
  return {
    name: 'playground:readme',
    configureServer(server) {
      server.middlewares.use(`/${fileName}`, (_request, response) => {
        response.setHeader('content-type', 'text/plain; charset=utf-8')
        response.end(read())
      })
    },
    generateBundle() {
      if (this.environment.name === 'client') this.emitFile({ type: 'asset', fileName, source: read() })
    },
  }
}
