// npm test: installs what is missing and runs every check; npm test -- unit browser runs these parts only,
// and what they need. npm run test:long tries the properties as often as docs/reliability.md says. All parts run even
// where one fails. What failed is said again at the end, and the last line counts tests (a part without tests counts
// where it fails). The exit code is 0 only where nothing failed.
import { mkdtempSync, readFileSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { ensureBrowser } from './ensure-browser.mjs'
import { install, npm, tool } from './tools.mjs'

/** @typedef {{ title: string, needs?: string[], onRequest?: boolean, run: () => Promise<boolean> }} Part */

const scratch = mkdtempSync(join(tmpdir(), 'bgthread-test-'))
const total = { passed: 0, failed: 0 }
/** @type {string[]} */
const failures = []

/** @type {Record<string, Part>} */
const parts = {
  format: {
    title: 'Format (prettier)',
    run: () => tool('prettier/bin/prettier.cjs', ['--check', '--log-level=warn', '.']),
  },
  lint: {
    title: 'Lint (oxlint)',
    run: () => tool('oxlint/bin/oxlint', ['--deny-warnings']),
  },
  types: {
    title: 'Types (tsc, vue-tsc, svelte-check)',
    run: checkTypes,
  },
  chromium: {
    title: 'A Chromium to test with',
    run: () => ensureBrowser('chromium'),
  },
  'firefox-esr': {
    title: 'A Firefox to test with',
    run: () => ensureBrowser('firefox'),
  },
  unit: {
    title: 'Unit, server-side and plugin tests',
    // The plugin's tests open what it has built.
    needs: ['chromium'],
    run: () => vitest(['unit', 'node']),
  },
  browser: {
    title: 'Real-browser tests',
    needs: ['chromium'],
    run: () => vitest(['browser']),
  },
  firefox: {
    title: 'Real-browser tests in Firefox',
    needs: ['firefox-esr'],
    run: () => vitest(['firefox']),
  },
  build: {
    title: 'Build of the package',
    run: () => npm(['run', '--silent', 'build']),
  },
  package: {
    title: 'Package (publint, attw)',
    needs: ['build'],
    run: checkPackage,
  },
  e2e: {
    title: 'Tests of the built package and pages',
    needs: ['chromium', 'build'],
    run: () => vitest(['e2e']),
  },
  long: {
    title: 'Properties, as often as is promised',
    needs: ['chromium', 'firefox-esr'],
    onRequest: true,
    run: checkFigures,
  },
}

/** How often what is tried at random is tried in the long run, and where it stands. */
const figures = [
  {
    env: { RUNS: '100000' },
    project: 'unit',
    files: ['test/core/patches/chain', 'test/core/patches/hostile', 'test/core/connection/flood'],
  },
  { env: { RUNS: '1000' }, project: 'unit', files: ['test/core/patches/walk', 'test/core/patches/weight'] },
  { env: { RUNS: '2000' }, project: 'unit', files: ['test/model'] },
  {
    env: { VITE_CHAOS_FAULTS: '1000', VITE_FALSE_KILLS: '100', VITE_HOSTILE: '20000', VITE_LONG: '1' },
    project: 'browser',
    files: ['test/browser/chaos', 'test/browser/hostile', 'test/browser/stress'],
  },
  {
    env: { VITE_CHAOS_FAULTS: '200', VITE_LONG: '1' },
    project: 'firefox',
    files: [
      'test/browser/chaos/chaos',
      'test/browser/contract.',
      'test/browser/contract-pool',
      'test/browser/contract-shared',
    ],
  },
]

async function checkFigures() {
  let ok = true
  for (const { env, project, files } of figures) {
    Object.assign(process.env, env)
    ok = (await vitest([project], files)) && ok
  }
  return ok
}

async function checkTypes() {
  const source = await tool('typescript/bin/tsc', ['-p', 'tsconfig.build.json', '--noEmit'])
  const vue = await tool('vue-tsc/bin/vue-tsc.js', ['-p', 'tsconfig.json'])
  const svelte = await tool('svelte-check/bin/svelte-check', ['--fail-on-warnings', '--output=human'])
  return source && vue && svelte
}

/** Checks the tarball that would be published. */
async function checkPackage() {
  const packed = await npm(['pack', '--silent', '--ignore-scripts', '--pack-destination', scratch])
  const name = readdirSync(scratch).find((file) => file.endsWith('.tgz'))
  if (!packed || !name) return false
  const tarball = join(scratch, name)
  const sound = await tool('publint/src/cli.js', ['run', tarball, '--strict'])
  const typed = await tool('@arethetypeswrong/cli/dist/index.js', [tarball, '--profile', 'esm-only'])
  return sound && typed
}

/**
 * Runs projects of vite.config.ts, or some of their files, and adds their tests to the total.
 *
 * @param {string[]} projects
 * @param {string[]} files
 */
async function vitest(projects, files = []) {
  const report = join(scratch, `${projects.join('-')}.json`)
  const ok = await tool('vitest/vitest.mjs', [
    'run',
    ...files,
    ...projects.map((project) => `--project=${project}`),
    '--reporter=default',
    '--reporter=json',
    `--outputFile.json=${report}`,
  ])
  try {
    const { numPassedTests, numFailedTests, testResults } = JSON.parse(readFileSync(report, 'utf8'))
    total.passed += numPassedTests
    total.failed += numFailedTests
    for (const { name: file, assertionResults } of testResults)
      for (const { status, fullName, failureMessages } of assertionResults)
        if (status === 'failed') failures.push([`${file}: ${fullName}`, ...failureMessages].join('\n'))
    return ok
  } catch {
    return false // It ended before it could report.
  }
}

/**
 * The parts to run, in order: those named and what they need.
 *
 * @param {string[]} names
 */
function select(names) {
  const unknown = names.find((name) => !(name in parts))
  if (unknown) {
    console.error(`npm test has no part '${unknown}'; it has ${Object.keys(parts).join(', ')}.`)
    process.exit(1)
  }
  const wanted = new Set(names.flatMap((name) => [name, ...(parts[name]?.needs ?? [])]))
  return Object.entries(parts).filter(([name, { onRequest }]) =>
    wanted.size === 0 ? !onRequest : wanted.has(name),
  )
}

const selected = select(process.argv.slice(2))
await install()

/** @type {Map<string, string>} */
const outcome = new Map()
for (const [name, part] of selected) {
  console.log(`\n━━━ ${part.title} ${'━'.repeat(Math.max(3, 70 - part.title.length))}`)
  const missing = part.needs?.find((need) => outcome.get(need) !== 'passed')
  const failedBefore = total.failed
  const ok = !missing && (await part.run())
  if (!ok && total.failed === failedBefore) total.failed++
  outcome.set(name, ok ? 'passed' : missing ? `not run: needs ${missing}` : 'FAILED')
  if (!ok) console.log(`${part.title}: ${outcome.get(name)}`)
}
rmSync(scratch, { recursive: true, force: true })

console.log(`\n━━━ Summary ${'━'.repeat(63)}`)
for (const failure of failures) console.log(`${failure.slice(0, 2_000)}\n`)
for (const [name, text] of outcome) console.log(`${name.padEnd(12)}${text}`)
console.log(`\n${total.passed} passed, ${total.failed} failed`)
process.exitCode = total.failed === 0 ? 0 : 1
