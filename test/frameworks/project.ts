/** Projects of users, made in a temporary folder: the packed package and others from the registry, by npm. */
import { execFile, spawn } from 'node:child_process'
import { cpSync, existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { createServer, type AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { afterAll } from 'vitest'

const root = fileURLToPath(new URL('../..', import.meta.url))

/** The ends of what the tests of a file have made, in order. */
const cleanUp: (() => unknown)[] = []
afterAll(async () => {
  for (const end of cleanUp.splice(0).reverse()) await end()
})

export interface Outcome {
  ok: boolean
  /** What it has written, without colours. */
  output: string
}

export interface Project {
  folder: string
  /** Runs a script of an installed package, given by its file: `run('vitest/vitest.mjs', ['run'])`. */
  run(file: string, args: string[], env?: Record<string, string>): Promise<Outcome>
  /** Starts a server, which takes `--host` and `--port`, and waits until it answers. It ends with the test file at the latest. */
  serve(file: string, args: string[]): Promise<Server>
}

export interface Server {
  url: string
  stop(): Promise<void>
}

/**
 * Makes a project with the packed package and these dependencies.
 *
 * @param files the name of a folder beside this one, or the text of each file by its path
 * @param node the oldest version of Node that they run in; where this one is older, npm brings one
 */
export async function makeProject(
  files: string | Record<string, string>,
  dependencies: Record<string, string>,
  node = '20.19',
): Promise<Project> {
  const folder = mkdtempSync(join(tmpdir(), 'bgthread-frameworks-'))
  cleanUp.push(() => rmSync(folder, { recursive: true, force: true, maxRetries: 5 }))
  if (typeof files === 'string') cpSync(join(root, 'test/frameworks', files), folder, { recursive: true })
  else
    for (const [file, text] of Object.entries(files)) {
      mkdirSync(dirname(join(folder, file)), { recursive: true })
      writeFileSync(join(folder, file), text)
    }
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
    serve: (file, args) => serve(program, [join(folder, 'node_modules', file), ...args], folder),
  }
}

async function serve(program: string, args: string[], cwd: string): Promise<Server> {
  const port = await findPort()
  let output = ''
  const all = [...args, '--host', '127.0.0.1', '--port', `${port}`]
  // A group of its own: it may start further processes.
  const child = spawn(program, all, { cwd, env: ownEnv(), detached: true, stdio: ['ignore', 'pipe', 'pipe'] })
  for (const stream of [child.stdout, child.stderr])
    stream.on('data', (data: Buffer) => void (output += data.toString()))
  let ended = false
  const end = new Promise<void>((resolve) => child.on('close', () => resolve(void (ended = true))))
  const stop = async () => {
    if (!ended && child.pid) process.kill(process.platform === 'win32' ? child.pid : -child.pid)
    await end
  }
  cleanUp.push(stop)
  const url = `http://127.0.0.1:${port}/`
  const isThere = () =>
    fetch(url, { signal: AbortSignal.timeout(60_000) }).then(
      ({ ok }) => ok,
      () => false,
    )
  const deadline = performance.now() + 120_000
  while (!(await isThere())) {
    if (ended || performance.now() > deadline) throw new Error(`the server does not answer:\n${output}`)
    await new Promise((resolve) => setTimeout(resolve, 100))
  }
  return { url, stop }
}

/** Returns a port that no server uses. */
async function findPort(): Promise<number> {
  const server = createServer()
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  await new Promise((resolve) => server.close(resolve))
  return port
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
  const env = { ...ownEnv(), ...more }
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

/** The environment of this process without the variables of the Vitest that runs these tests. */
function ownEnv(): Record<string, string | undefined> {
  const own = Object.entries(process.env).filter(([name]) => !/^(VITEST|TEST$|NODE_ENV$|VITE_)/.test(name))
  return { ...Object.fromEntries(own), NO_COLOR: '1', CI: '1' }
}

function isAtLeast(version: string, least: string): boolean {
  const [a, b] = [version, least].map((text) => text.split('.').map(Number))
  return a![0]! > b![0]! || (a![0] === b![0] && a![1]! >= (b![1] ?? 0))
}
