/** The contract of a pool of one thread. */
import type { Pool, PoolOptions, Thread } from 'bgthread'
import { describeContract, type Transport } from './contract'
import type ContractLogic from './logic'

/** @param startPool is given the options of a thread, and how many threads and calls at once there are to be */
export function describePoolContract(
  title: string,
  startPool: (options: PoolOptions) => Pool<ContractLogic>,
  { worker }: Pick<Transport, 'worker'>,
): void {
  describeContract(
    title,
    (options) => asThread(startPool({ ...options, size: 1, concurrency: Infinity } as PoolOptions)),
    {
      worker,
      without: {
        lifeCycle: 'it starts a thread when one is needed, and has no status and no ready',
        restart: 'it has no restart()',
      },
    },
  )
}

/** What the other parts ask of a thread, and a pool does not have: when it is `ready`. */
function asThread(pool: Pool<ContractLogic>): Thread<ContractLogic> {
  const ready = { get: () => pool.proxy.echo(0).then(() => {}) }
  return Object.defineProperty(pool, 'ready', ready) as unknown as Thread<ContractLogic>
}
