/**
 * How often a property is tried: `npm run test:long` sets `RUNS`.
 *
 * @param usual in `npm test`
 */
export function runs(usual: number): number {
  return Number(process.env['RUNS'] ?? usual)
}

/** For tests that try a lot: no measure of speed, only of what hangs. */
export const PATIENCE = { timeout: process.env['RUNS'] ? 3_600_000 : 60_000 }
