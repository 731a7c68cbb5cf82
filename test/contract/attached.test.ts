/** The contract of a client that was given a port to a thread. */
import { afterEach } from 'vitest'
import { attach, bgThread, type Thread } from 'bgthread'
import { describeClientContract } from './contract'
import type ContractLogic from './logic'

const owners: Thread<ContractLogic>[] = []
afterEach(() => {
  for (const owner of owners.splice(0)) owner.terminate()
})

describeClientContract(
  'client of a thread in process',
  (options = {}) => {
    // A client that may do more than the thread allows is put out: that is not what is tried here.
    const owner = bgThread(() => import('./logic'), { ...(options as { args: [] }), limits: {} })
    owners.push(owner)
    return attach<ContractLogic>(owner.connect(), options) as Thread<ContractLogic>
  },
  { worker: false },
)
