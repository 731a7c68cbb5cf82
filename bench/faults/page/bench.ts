import type { Observation } from '../observation.js'

/** What the harness finds in the page of every subject, as `faultBench`. */
export interface FaultBench {
  /**
   * Tries a fault, and gives what was seen and who was told besides the caller.
   *
   * @param bound ms that a call may take
   */
  run(id: string, bound: number): Promise<{ seen: Observation; told: string[] }>
}
