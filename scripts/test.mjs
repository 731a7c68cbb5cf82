// npm test installs what is missing and checks the product, in Chromium. npm test -- unit browser runs these parts only, and
// what they need. npm run test:all goes on with the parts of the second round: the apps and the other browsers.
// npm run test:frameworks tries projects of users, npm run test:long the properties as often as docs/reliability.md says. All parts run even where one fails,
// two at a time where there are the cores; the output of each is shown when it is done. What failed is listed
// at the end, and the last line counts tests (a part without tests counts where it fails). The exit code is 0 only
// if nothing failed.
import { closeSync, mkdtempSync, openSync, readFileSync, readdirSync, rmSync } from 'node:fs'
import { availableParallelism, tmpdir } from 'node:os'
import { join } from 'node:path'
import { ensureBrowser } from './ensure-browser.mjs'
import { install, npm, tool } from './tools.mjs'

/**
 * Where a part says what it has to say, and how many of its tests have failed.
 *
 * @typedef {{ stdio: import('node:child_process').StdioOptions, failed: number }} Out
 */

/**
 * A part of the checks. It runs when those that it needs have ended and there is room, and not where one
 * that it needs has failed. Those that are `first` run one by one, before all others. Those of the round `later` run in
 * `npm run test:all`, after all others, and those of the round `long` if they are named only.
 *
 * @typedef {{
 *   title: string, needs?: string[], first?: boolean, round?: 'later' | 'long', run: (out: Out) => Promise<boolean>
 * }} Part
 */

/** For tests that start browsers and servers of their own: on two cores, one file at a time beside another part. */
const SIDE_BY_SIDE = `--maxWorkers=${Math.max(1, availableParallelism() - 1)}`

/** Where a check keeps what it knows of files that have not changed. */
const PRETTIER = ['--cache', '--cache-strategy=content', '--cache-location=node_modules/.cache/prettier']

const scratch = mkdtempSync(join(tmpdir(), 'bgthread-test-'))
const total = { passed: 0, failed: 0 }
/** @type {string[]} */
const failures = []

/**
 * The longest come first, so that two at a time end together.
 *
 * @type {Record<string, Part>}
 */
const parts = {
  chromium: {
    title: 'A Chromium to test with',
    first: true,
    run: () => ensureBrowser('chromium'),
  },
  'firefox-esr': {
    title: 'A Firefox to test with',
    first: true,
    round: 'later',
    run: () => ensureBrowser('firefox'),
  },
  node: {
    title: 'Plugin, server-side and docs tests',
    // The plugin's tests open what it has built.
    needs: ['chromium'],
    run: (out) => vitest(out, ['node'], [SIDE_BY_SIDE]),
  },
  browser: {
    title: 'Real-browser tests',
    needs: ['chromium'],
    run: (out) => vitest(out, ['browser']),
  },
  unit: {
    title: 'Unit tests',
    run: (out) => vitest(out, ['unit']),
  },
  build: {
    title: 'Build of the package',
    run: (out) => npm(['run', '--silent', 'build'], out),
  },
  e2e: {
    title: 'Tests of the built package and its pages',
    needs: ['chromium', 'build'],
    run: (out) => vitest(out, ['e2e'], [SIDE_BY_SIDE]),
  },
  types: {
    title: 'Types (vue-tsc, svelte-check; the build has checked src)',
    needs: ['build'],
    run: checkTypes,
  },
  package: {
    title: 'Package (publint, attw)',
    needs: ['build'],
    run: checkPackage,
  },
  format: {
    title: 'Format (prettier)',
    run: (out) => tool('prettier/bin/prettier.cjs', [...PRETTIER, '--check', '--log-level=warn', '.'], out),
  },
  lint: {
    title: 'Lint (oxlint)',
    run: (out) => tool('oxlint/bin/oxlint', ['--deny-warnings'], out),
  },
  apps: {
    title: 'Tests of the playground and the benchmarks',
    needs: ['chromium', 'build'],
    round: 'later',
    run: (out) => vitest(out, ['apps']),
  },
  firefox: {
    title: 'Real-browser tests in Firefox',
    needs: ['firefox-esr'],
    round: 'later',
    run: (out) => vitest(out, ['firefox']),
  },
  frameworks: {
    title: 'Projects of users, installed from the registry',
    needs: ['chromium', 'build'],
    // By itself a quarter of an hour, and what the registry has then.
    round: 'long',
    run: (out) => vitest(out, ['frameworks']),
  },
  long: {
    title: 'Properties, as often as is promised',
    needs: ['chromium', 'firefox-esr'],
    round: 'long',
    run: checkFigures,
  },
}

/** How often what is tried at random is tried in the long run, and where it stands. */
const figures = [
  {
    env: { RUNS: '100000' },
    project: 'unit',
    files: [
      'test/core/patches/chain',
      'test/core/patches/hostile',
      'test/core/connection/flood',
      'test/core/connection/bounds',
    ],
  },
  { env: { RUNS: '1000' }, project: 'unit', files: ['test/core/patches/walk', 'test/core/patches/weight'] },
  { env: { RUNS: '2000' }, project: 'unit', files: ['test/model'] },
  {
    env: { VITE_CHAOS_FAULTS: '1000', VITE_FALSE_KILLS: '100', VITE_HOSTILE: '20000', VITE_LONG: '1' },
    project: 'browser',
    files: ['test/browser/chaos', 'test/browser/hostile', 'test/browser/stress', 'test/browser/contract.'],
  },
  {
    env: { VITE_CHAOS_FAULTS: '200', VITE_LONG: '1' },
    project: 'firefox',
    files: [
      'test/browser/chaos/chaos',
      'test/browser/contract.',
      'test/browser/contract-pool',
      'test/browser/contract-shared',
      'test/browser/contract-elected',
    ],
  },
  { env: { VITE_LONG: '1' }, project: 'unit', files: ['test/endpoint'] },
  { env: { VITE_LONG: '1' }, project: 'e2e', files: ['test/pages/shared'] },
]

/** @param {Out} out */
async function checkFigures(out) {
  let ok = true
  for (const { env, project, files } of figures) {
    Object.assign(process.env, env)
    ok = (await vitest(out, [project], files)) && ok
  }
  return ok
}

/** @param {Out} out */
async function checkTypes(out) {
  const vue = await tool('vue-tsc/bin/vue-tsc.js', ['-p', 'tsconfig.json'], out)
  const svelte = await tool('svelte-check/bin/svelte-check', ['--fail-on-warnings', '--output=human'], out)
  return vue && svelte
}

/**
 * Checks the tarball that would be published.
 *
 * @param {Out} out
 */
async function checkPackage(out) {
  const packed = await npm(['pack', '--silent', '--ignore-scripts', '--pack-destination', scratch], out)
  const name = readdirSync(scratch).find((file) => file.endsWith('.tgz'))
  if (!packed || !name) return false
  const tarball = join(scratch, name)
  const sound = await tool('publint/src/cli.js', ['run', tarball, '--strict'], out)
  const typed = await tool('@arethetypeswrong/cli/dist/index.js', [tarball, '--profile', 'esm-only'], out)
  return sound && typed
}

/**
 * Runs projects of vite.config.ts, or some of their files, and adds their tests to the total.
 *
 * @param {Out} out
 * @param {string[]} projects
 * @param {string[]} more files, and options of Vitest
 */
async function vitest(out, projects, more = []) {
  const report = join(scratch, `${projects.join('-')}.json`)
  const args = [
    'run',
    ...more,
    ...projects.map((project) => `--project=${project}`),
    '--reporter=default',
    '--reporter=json',
    `--outputFile.json=${report}`,
  ]
  const ok = await tool('vitest/vitest.mjs', args, out)
  try {
    const { numPassedTests, numFailedTests, testResults } = JSON.parse(readFileSync(report, 'utf8'))
    total.passed += numPassedTests
    total.failed += numFailedTests
    out.failed += numFailedTests
    for (const { name: file, assertionResults } of testResults)
      for (const { status, fullName, failureMessages } of assertionResults)
        if (status === 'failed') failures.push([`${file}: ${fullName}`, ...failureMessages].join('\n'))
    return ok
  } catch {
    return false // It ended before it could report.
  }
}

/**
 * The parts to run, in order: those named and what they need; left out, those of the product, and for `all` those of
 * the second round, too.
 *
 * @param {string[]} names
 */
function select(names) {
  const all = Object.entries(parts)
  if (names.length === 0) return all.filter(([, { round }]) => !round)
  if (names.join() === 'all') return all.filter(([, { round }]) => round !== 'long')
  const unknown = names.find((name) => !(name in parts))
  if (unknown) {
    console.error(`npm test has no part '${unknown}'; it has ${Object.keys(parts).join(', ')}, and all.`)
    process.exit(1)
  }
  const wanted = new Set(names.flatMap((name) => [name, ...(parts[name]?.needs ?? [])]))
  return all.filter(([name]) => wanted.has(name))
}

const selected = select(process.argv.slice(2))
await install()

/** @type {Map<string, string>} */
const outcome = new Map(selected.map(([name]) => [name, 'not run']))
const waiting = new Map(selected)
/** @type {Map<string, Promise<void>>} */
const running = new Map()

for (const [name, { first }] of selected) if (first) await start(name)
await Promise.all(Array.from({ length: Math.min(2, availableParallelism()) }, runAsRoomIs))

/** Runs one part after another, as long as any are left. */
async function runAsRoomIs() {
  while (waiting.size > 0) {
    const next = [...waiting.keys()].find(mayRun)
    if (next) await start(next)
    // It waits for what another is at.
    else await Promise.race(running.values())
  }
}

/** @param {string} name */
function mayRun(name) {
  const { needs = [], round } = parts[name] ?? {}
  const isOpen = (/** @type {string} */ other) => waiting.has(other) || running.has(other)
  const isBefore = (/** @type {string} */ other) => round && !parts[other]?.round
  return ![...needs.filter(isOpen), ...[...waiting.keys(), ...running.keys()].filter(isBefore)].length
}

/** @param {string} name */
function start(name) {
  waiting.delete(name)
  const run = runPart(name).finally(() => running.delete(name))
  running.set(name, run)
  return run
}

/** @param {string} name */
async function runPart(name) {
  const part = /** @type {Part} */ (parts[name])
  const missing = part.needs?.find((need) => outcome.get(need) !== 'passed')
  // What runs alone may say at once what it has to say.
  const log = part.first || waiting.size + running.size === 0 ? undefined : join(scratch, `${name}.log`)
  const file = log && openSync(log, 'w')
  const headline = `\n━━━ ${part.title} ${'━'.repeat(Math.max(3, 70 - part.title.length))}`
  console.log(log ? `${part.title} …` : headline)
  /** @type {Out} */
  const out = { stdio: file ? ['ignore', file, file] : 'inherit', failed: 0 }
  const begin = Date.now()
  const ok = !missing && (await part.run(out))
  if (log && file) {
    closeSync(file)
    console.log(headline)
    process.stdout.write(readFileSync(log))
  }
  if (!ok && out.failed === 0) total.failed++
  outcome.set(name, ok ? 'passed' : missing ? `not run: needs ${missing}` : 'FAILED')
  console.log(`${part.title}: ${outcome.get(name)}, ${Math.round((Date.now() - begin) / 1_000)} s`)
}

rmSync(scratch, { recursive: true, force: true })

console.log(`\n━━━ Summary ${'━'.repeat(63)}`)
for (const failure of failures) console.log(`${failure.slice(0, 2_000)}\n`)
for (const [name, text] of outcome) console.log(`${name.padEnd(12)}${text}`)
console.log(`\n${total.passed} passed, ${total.failed} failed`)
process.exitCode = total.failed === 0 ? 0 : 1
