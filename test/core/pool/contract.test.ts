/** A pool of one thread keeps what a thread keeps; it has no restart and no life cycle to show. */
import { bgPool, type Pool, type Thread } from 'bgthread'
import { describeArguments } from '../../contract/arguments.contract'
import { describeErrors } from '../../contract/thrown.contract'
import { describeFireAndForget } from '../../contract/fire-and-forget.contract'
import { makeContract, type StartThread } from '../../contract/harness'
import type ContractLogic from '../../contract/logic'
import { describeOrder } from '../../contract/order.contract'
import { describePace } from '../../contract/pace.contract'
import { describePatches } from '../../contract/patches.contract'
import { describeReach } from '../../contract/reach.contract'
import { describeSettling } from '../../contract/settling.contract'
import { describeStreams } from '../../contract/streams.contract'
import { describeValues } from '../../contract/values.contract'

const start: StartThread = (options) =>
  asThread(
    bgPool(() => import('../../contract/logic'), {
      ...(options as { args: [] }),
      size: 1,
      concurrency: Infinity,
    }),
  )

/** What these parts of the contract ask of a thread, and a pool does not have: when it is `ready`. */
function asThread(pool: Pool<ContractLogic>): Thread<ContractLogic> {
  const ready = { get: () => pool.proxy.echo(0).then(() => {}) }
  return Object.defineProperty(pool, 'ready', ready) as unknown as Thread<ContractLogic>
}

const contract = makeContract('pool of one', start, { worker: false })
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
