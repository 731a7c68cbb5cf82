/** What every transport keeps: the promises of the design, one test and more for each. */
import { describeLifeCycle } from './life-cycle.contract'
import { describeValues } from './values.contract'
import { describeSettling } from './settling.contract'
import { describeErrors } from './thrown.contract'
import { describeOrder } from './order.contract'
import { describeStreams } from './streams.contract'
import { describePace } from './pace.contract'
import { describePatches } from './patches.contract'
import { describeArguments } from './arguments.contract'
import { describeRestart } from './restart.contract'
import { describeReach } from './reach.contract'
import { describeFireAndForget } from './fire-and-forget.contract'
import { makeContract, type StartThread } from './harness'

const PARTS = {
  lifeCycle: describeLifeCycle,
  values: describeValues,
  settling: describeSettling,
  errors: describeErrors,
  order: describeOrder,
  streams: describeStreams,
  pace: describePace,
  patches: describePatches,
  arguments: describeArguments,
  restart: describeRestart,
  reach: describeReach,
  fireAndForget: describeFireAndForget,
}

export interface Transport {
  /** The logic runs in a worker, whose uncaught errors come to the page by message. */
  worker: boolean
  /** The parts that do not hold for it, each with the reason. */
  without?: Partial<Record<keyof typeof PARTS, string>>
}

/** @param title of the transport */
export function describeContract(
  title: string,
  startThread: StartThread,
  { worker, without = {} }: Transport,
): void {
  const contract = makeContract(title, startThread, { worker })
  for (const [part, describePart] of Object.entries(PARTS)) if (!(part in without)) describePart(contract)
}
