/** The contract of a client that was given a port to a thread. */
import { attach, type Thread } from 'bgthread'
import { describeContract } from './contract'
import type { StartThread } from './harness'
import type ContractLogic from './logic'
import { endAfterEach } from '../support/end-after-each'

/** @param startOwner starts the thread that the client is given a port to */
export function describeClientContract(title: string, startOwner: StartThread): void {
  const track = endAfterEach()
  const attachToNew: StartThread = (options = {}) => {
    // A client that may do more than the thread allows is put out: that is not what is tried here.
    const owner = startOwner({ ...options, limits: {}, onError: () => {} })
    track(owner)
    return attach<ContractLogic>(owner.connect(), options) as Thread<ContractLogic>
  }
  describeContract(title, attachToNew, {
    // What nothing has caught is told to the one who has the thread.
    worker: false,
    without: {
      lifeCycle: 'whoever has the thread starts it and ends it',
      restart: 'only whoever has the thread restarts it',
    },
  })
}
