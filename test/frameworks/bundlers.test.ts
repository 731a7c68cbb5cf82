/** The forms of a hand-written worker in docs/bundlers.md, each built by its bundler from npm and run in Chromium. */
import { execFile } from 'node:child_process'
import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { promisify } from 'node:util'
import { beforeAll, describe, expect, test } from 'vitest'
import { makeFolder, project } from '../vite/support/app.js'
import { visit } from '../vite/support/browser.js'
import { patient } from '../vite/support/patient.js'
import { serveFolder } from '../vite/support/serve.js'

const run = promisify(execFile)

/** The app of the README, in the two forms of its worker's URL. */
const app = (url: string) => `
  import { bgThread } from 'bgthread'
  import type TodoApp from './todo-app'
  const startWorker = () => new Worker(new URL('${url}', import.meta.url), { type: 'module' })
  const { proxy } = bgThread<typeof TodoApp>(startWorker)
  proxy.todos().subscribe((todos) => (document.title = todos.join()))
  proxy.add('milk').then((where) => (document.body.textContent = where))`

const files = {
  'src/todo-app.ts': `
    import { state } from 'bgthread/worker'
    export default class TodoApp {
      #todos = state<string[]>([])
      add(title: string) {
        this.#todos.update((todos) => [...todos, title])
        return typeof document === 'undefined' ? 'in a worker' : 'on the page'
      }
      todos() { return this.#todos }
    }`,
  'src/todo.worker.ts': `
    import { expose } from 'bgthread/worker'
    import TodoApp from './todo-app'
    expose(TodoApp)`,
  'index.html': `<!doctype html><link rel="icon" href="data:," /><body></body><script type="module" src="./app.js"></script>`,
}

interface Bundler {
  /** What npm installs. */
  packages: string[]
  /** How the app names its worker. */
  url: './todo.worker.ts' | './todo.worker.js'
  /** The name of the configuration file in docs/bundlers.md, if it needs one, and the command. */
  config?: string
  command: string
  more?: Record<string, string>
}

const bundlers: Record<string, Bundler> = {
  'Vite without the plugin': {
    packages: ['vite@8'],
    url: './todo.worker.ts',
    command: 'vite build --base ./',
    more: { 'index.html': files['index.html'].replace('./app.js', './src/app.ts') },
  },
  'webpack 5': {
    packages: ['webpack@5', 'webpack-cli@6', 'ts-loader@9', 'typescript@5'],
    url: './todo.worker.ts',
    config: 'webpack.config.js',
    command: 'webpack',
  },
  Rspack: {
    packages: ['@rspack/core@1', '@rspack/cli@1'],
    url: './todo.worker.ts',
    config: 'rspack.config.js',
    command: 'rspack build',
  },
  Parcel: {
    packages: ['parcel@2'],
    url: './todo.worker.ts',
    command: 'parcel build --public-url ./ index.html',
    more: {
      'index.html': files['index.html'].replace('./app.js', './src/app.ts'),
      'package.json': JSON.stringify({
        type: 'module',
        private: true,
        '@parcel/resolver-default': { packageExports: true },
      }),
    },
  },
  esbuild: {
    packages: ['esbuild'],
    url: './todo.worker.js',
    command: 'esbuild src/app.ts src/todo.worker.ts --bundle --splitting --format=esm --outdir=dist',
  },
  Rolldown: {
    packages: ['rolldown@1'],
    url: './todo.worker.js',
    config: 'rolldown.config.js',
    command: 'rolldown -c',
  },
  Rollup: {
    packages: [
      'rollup@4',
      '@rollup/plugin-node-resolve',
      '@rollup/plugin-typescript',
      'typescript@5',
      'tslib',
    ],
    url: './todo.worker.js',
    config: 'rollup.config.js',
    command: 'rollup -c',
  },
}

let tarball = ''
let docs = ''

beforeAll(async () => {
  docs = await readFile(join(project, 'docs/bundlers.md'), 'utf8')
  const folder = await makeFolder('packed')
  const args = ['pack', '--silent', '--ignore-scripts', '--pack-destination', folder]
  const { stdout } = await run('npm', args, { cwd: project })
  tarball = join(folder, stdout.trim())
}, 60_000)

/** The configuration file of a bundler, from the docs. */
function configOf(name: string): string {
  const [, code] =
    new RegExp(String.raw`\`\`\`js\n// ${name.replace('.', String.raw`\.`)}\n([^]*?)\`\`\``).exec(docs) ?? []
  if (!code) throw new Error(`docs/bundlers.md has no ${name}`)
  return code
}

describe('a worker by URL, as docs/bundlers.md has it', { timeout: 300_000 }, () => {
  test.each(Object.keys(bundlers))('runs in a build of %s', async (name) => {
    const { packages, url, config, command, more } = bundlers[name]!
    const root = await makeFolder('bundler')
    const all: Record<string, string> = {
      ...files,
      'src/app.ts': app(url),
      'package.json': JSON.stringify({ type: 'module', private: true }),
      'tsconfig.json': JSON.stringify({
        compilerOptions: {
          target: 'es2022',
          module: 'esnext',
          moduleResolution: 'bundler',
          skipLibCheck: true,
        },
        include: ['src'],
      }),
      ...(config && { [config]: configOf(config) }),
      ...more,
    }
    for (const [file, text] of Object.entries(all)) {
      await mkdir(dirname(join(root, file)), { recursive: true })
      await writeFile(join(root, file), text)
    }
    await run('npm', ['install', '--no-audit', '--no-fund', tarball, ...packages], { cwd: root })
    expect(docs).toContain(`new URL('${url}', import.meta.url)`)
    if (command.startsWith('esbuild')) expect(docs).toContain(command)
    await run('npx', ['--no-install', ...command.split(' ')], {
      cwd: root,
      env: { ...process.env, NODE_ENV: 'production' },
    })
    const out = join(root, 'dist')
    if (!more) await writeFile(join(out, 'index.html'), files['index.html'])

    const site = await serveFolder(out, '/below/')
    const { page, problems } = await visit(site.url)
    await expect.poll(() => page.textContent('body'), patient).toBe('in a worker')
    await expect.poll(() => page.title(), patient).toBe('milk')
    expect(page.workers()).toHaveLength(1)
    expect(problems).toEqual([])
    await page.close()
    await site.close()
  })
})
