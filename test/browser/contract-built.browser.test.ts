/** The contract in the inline worker of a build. */
import { describeContract } from '../contract/contract'
import type * as Built from './built/entry'

// Made by built/setup.ts before the tests run.
const built = new URL('./built/out/entry.js', import.meta.url).href
const { startBuilt } = (await import(/* @vite-ignore */ built)) as typeof Built

describeContract('inline worker of a build', startBuilt, { worker: true })
