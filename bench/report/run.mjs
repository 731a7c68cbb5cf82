// node bench/report/run.mjs: writes the tables and pictures anew from results/latest.json, without measuring.
import { fileURLToPath } from 'node:url'
import { runnerImport } from 'vite'

const here = (/** @type {string} */ path) => fileURLToPath(new URL(path, import.meta.url))

const { module } = await runnerImport(here('./index.ts'), { configFile: false, root: here('..') })
await module.writeLatestReport()
