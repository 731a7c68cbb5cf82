/** Projects of users, made in a temporary folder: the packed package and others from the registry, by npm. */
import { execFile } from 'node:child_process'
import { cpSync, existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { afterAll } from 'vitest'

const root = fileURLToPath(new URL('../..', import.meta.url))

export interface Outcome {
  ok: boolean
  /** What it has written, without colours. */
  output: string
}

export interface Project {
  folder: string
  /** Runs a script of an installed package, given by its file: `run('vitest/vitest.mjs', ['run'])`. */
  run(file: string, args: string[], env?: Record<string, string>): Promise<Outcome>
}

/**
 * Makes a project of the files in a folder beside this one, with the packed package and these dependencies.
 *
 * @param node the oldest version of Node that they run in; where this one is older, npm brings one
 */
export async function makeProject(
  files: string,
  dependencies: Record<string, string>,
  node = '20.19',
): Promise<Project> {
  const folder = mkdtempSync(join(tmpdir(), 'bgthread-frameworks-'))
  afterAll(() => rmSync(folder, { recursive: true, force: true, maxRetries: 5 }))
  cpSync(join(root, 'test/frameworks', files), folder, { recursive: true })
  await npm(root, ['pack', '--silent', '--ignore-scripts', '--pack-destination', folder])
  const tarball = readdirSync(folder).find((file) => file.endsWith('.tgz'))
  const carried = `node-${process.platform === 'win32' ? 'win' : process.platform}-${process.arch}`
  const isOld = !isAtLeast(process.versions.node, node)
  const all = {
    ...dependencies,
    bgthread: `file:${tarball}`,
    ...(isOld && { [carried]: node.replace(/\..*/, '') }),
  }
  writeFileSync(
    join(folder, 'package.json'),
    JSON.stringify({ private: true, type: 'module', dependencies: all }),
  )
  await npm(folder, ['install', '--no-audit', '--no-fund', '--loglevel=error'])
  const bin = join(folder, 'node_modules', carried, 'bin', process.platform === 'win32' ? 'node.exe' : 'node')
  const program = existsSync(bin) ? bin : process.execPath
  return {
    folder,
    run: (file, args, env = {}) =>
      execute(program, [join(folder, 'node_modules', file), ...args], folder, env),
  }
}

/** Runs npm: the one that runs these tests, if one does. */
async function npm(cwd: string, args: string[]): Promise<void> {
  const cli = process.env['npm_execpath']
  const { ok, output } = cli?.endsWith('.js')
    ? await execute(process.execPath, [cli, ...args], cwd)
    : await execute('npm', args, cwd)
  if (!ok) throw new Error(`npm ${args[0]} failed:\n${output}`)
}

async function execute(
  program: string,
  args: string[],
  cwd: string,
  more: Record<string, string> = {},
): Promise<Outcome> {
  // Not those of the Vitest that runs these tests.
  const own = Object.entries(process.env).filter(([name]) => !/^(VITEST|TEST$|NODE_ENV$|VITE_)/.test(name))
  const env = { ...Object.fromEntries(own), NO_COLOR: '1', CI: '1', ...more }
  const result = await promisify(execFile)(program, args, {
    cwd,
    env,
    maxBuffer: 1e8,
    shell: program === 'npm' && process.platform === 'win32',
  }).then(
    ({ stdout, stderr }) => ({ ok: true, output: stdout + stderr }),
    (error: { stdout?: string; stderr?: string; message: string }) => ({
      ok: false,
      output: `${error.stdout ?? ''}${error.stderr ?? ''}${error.message}`,
    }),
  )
  return result
}

function isAtLeast(version: string, least: string): boolean {
  const [a, b] = [version, least].map((text) => text.split('.').map(Number))
  return a![0]! > b![0]! || (a![0] === b![0] && a![1]! >= (b![1] ?? 0))
}
