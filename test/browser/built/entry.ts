/** Built into one file with its workers inside, and then run by the contract. */
import { bgPool, bgThread, type Load, type PoolOptions, type ThreadOptions } from 'bgthread'
import type ContractLogic from '../../contract/logic'
// oxlint-disable-next-line import/default -- Vite makes it
import SharedContract from './contract.worker?sharedworker'
// oxlint-disable-next-line import/default -- Vite makes it
import OwnContract from './contract.worker?worker'

export const startBuilt = (options?: ThreadOptions) =>
  bgThread(() => import('../../contract/logic'), options as { args: [] })

export const startBuiltPool = (options?: PoolOptions) =>
  bgPool(() => import('../../contract/logic'), options as { args: [] })

let shared = 0

/** Each is a worker of its own, whatever the thread is called. */
export const startBuiltShared = (options?: ThreadOptions) =>
  bgThread<typeof ContractLogic>(
    ({ name }: Parameters<Load<unknown>>[0]) => new SharedContract({ name: `${name} ${++shared}` }),
    { ...(options as { args: [] }), shared: true },
  )

/** Each is of a script of its own, by what it says of itself. */
export const startBuiltElected = (options?: ThreadOptions) =>
  bgThread<typeof ContractLogic>(
    Object.assign(({ name }: Parameters<Load<unknown>>[0]) => new OwnContract({ name }), {
      script: `contract ${++shared}`,
    }),
    { ...(options as { args: [] }), shared: true },
  )
