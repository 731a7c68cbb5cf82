/** What the build of `entry.ts` gives, which `setup.ts` has made before the tests run. */
import type * as Entry from './entry'

const entry = new URL('./out/entry.js', import.meta.url).href
export const { startBuilt, startBuiltPool, startBuiltShared, startBuiltElected } = (await import(
  /* @vite-ignore */ entry
)) as typeof Entry
