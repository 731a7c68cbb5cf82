import { parseArgs } from 'node:util'

/**
 * @typedef {object} Options
 * @property {string[]} only names of contenders; all where empty
 * @property {string[]} bench beginnings of measures' ids; all where empty
 * @property {number} rounds how often each contender is measured
 * @property {boolean} quick whether the numbers need not be exact
 * @property {boolean} built whether dist/ is taken as it is
 * @property {boolean | undefined} [faults] whether faults are tried, and nothing is measured: `only` are names of
 * subjects then, and `bench` beginnings of faults' ids
 * @property {boolean | undefined} [hot] whether hot updates are measured, and nothing else
 */

const split = (/** @type {string | undefined} */ list) => list?.split(',').filter(Boolean) ?? []

const usage =
  'npm run bench -- [--only raw,bgthread] [--bench calls,burst] [--rounds 9] [--quick] [--built] [--faults] [--hot]'

/**
 * What the command line asks for. Throws where it is wrong.
 *
 * @param {string[]} args
 * @returns {Options}
 */
export function parseOptions(args) {
  const { values } = parseArgs({
    args,
    options: {
      only: { type: 'string' },
      bench: { type: 'string' },
      rounds: { type: 'string' },
      quick: { type: 'boolean', default: false },
      built: { type: 'boolean', default: false },
      faults: { type: 'boolean' },
      hot: { type: 'boolean' },
    },
  })
  const { only, bench, quick = false, built = false, faults, hot } = values
  const rounds = Number(values.rounds ?? (quick ? 3 : 9))
  if (!Number.isInteger(rounds) || rounds < 1)
    throw new Error(`--rounds needs a whole number of at least 1, not '${values.rounds}'`)
  return { only: split(only), bench: split(bench), rounds, quick, built, faults, hot }
}

/**
 * Reads the command line, and ends the program where it is wrong.
 *
 * @param {string[]} args
 * @returns {Options}
 */
export function readOptions(args) {
  try {
    return parseOptions(args)
  } catch (error) {
    console.error(error instanceof Error ? error.message : error)
    console.error(usage)
    process.exit(1)
  }
}
