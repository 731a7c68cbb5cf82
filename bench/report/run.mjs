// node bench/report/run.mjs: writes the tables and pictures anew from results/latest.json and results/faults.json,
// without measuring.
import { fileURLToPath } from 'node:url'
import { runnerImport } from 'vite'

const here = (/** @type {string} */ path) => fileURLToPath(new URL(path, import.meta.url))

const load = async (/** @type {string} */ path) =>
  (await runnerImport(here(path), { configFile: false, root: here('..') })).module
await (await load('./index.ts')).writeLatestReport()
await (await load('./faults.ts')).writeFaultReport()
