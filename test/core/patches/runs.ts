/**
 * How often a property is tried: `RUNS=100000 npx vitest run test/core/patches` is the long run.
 *
 * @param usual in `npm test`
 */
export function runs(usual: number): number {
  return Number(process.env['RUNS'] ?? usual)
}

/** For tests that try a lot: no measure of speed, only of what hangs. */
export const PATIENCE = { timeout: process.env['RUNS'] ? 3_600_000 : 60_000 }
