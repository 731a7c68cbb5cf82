import { parseArgs } from 'node:util'

/**
 * @typedef {object} Options
 * @property {string[]} only names of contenders; all where empty
 * @property {string[]} bench beginnings of measures' ids; all where empty
 * @property {number} rounds how often each contender is measured
 * @property {boolean} quick whether the numbers need not be exact
 * @property {boolean} built whether dist/ is taken as it is
 */

const split = (/** @type {string | undefined} */ list) => list?.split(',').filter(Boolean) ?? []

/**
 * Reads the command line, and ends the program where it is wrong.
 *
 * @param {string[]} args
 * @returns {Options}
 */
export function readOptions(args) {
  try {
    const { values } = parseArgs({
      args,
      options: {
        only: { type: 'string' },
        bench: { type: 'string' },
        rounds: { type: 'string' },
        quick: { type: 'boolean', default: false },
        built: { type: 'boolean', default: false },
      },
    })
    const rounds = Number(values.rounds ?? (values.quick ? 3 : 9))
    if (!(rounds >= 1)) throw new Error(`--rounds needs a number of at least 1, not '${values.rounds}'`)
    return {
      only: split(values.only),
      bench: split(values.bench),
      rounds,
      quick: values.quick ?? false,
      built: values.built ?? false,
    }
  } catch (error) {
    console.error(error instanceof Error ? error.message : error)
    console.error(
      'npm run bench -- [--only raw,bgthread] [--bench calls,burst] [--rounds 9] [--quick] [--built]',
    )
    process.exit(1)
  }
}
