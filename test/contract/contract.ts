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

/** Of a client of a thread that somebody else has started: all but the thread's own life. */
export function describeClientContract(
  transport: string,
  startThread: StartThread,
  real: { worker: boolean },
): void {
  const contract = makeContract(transport, startThread, real)
  describeValues(contract)
  describeSettling(contract)
  describeErrors(contract)
  describeOrder(contract)
  describeStreams(contract)
  describePace(contract)
  describePatches(contract)
  describeArguments(contract)
  describeReach(contract)
  describeFireAndForget(contract)
}

export function describeContract(
  transport: string,
  startThread: StartThread,
  real: { worker: boolean },
): void {
  const contract = makeContract(transport, startThread, real)
  describeLifeCycle(contract)
  describeValues(contract)
  describeSettling(contract)
  describeErrors(contract)
  describeOrder(contract)
  describeStreams(contract)
  describePace(contract)
  describePatches(contract)
  describeArguments(contract)
  describeRestart(contract)
  describeReach(contract)
  describeFireAndForget(contract)
}
