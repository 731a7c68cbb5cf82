/** The contract in a real module worker, as the dev server gives it. */
import { bgThread } from 'bgthread'
import { describeContract } from '../contract/contract'

describeContract(
  'worker of the dev server',
  (options) => bgThread(() => import('../contract/logic'), options as { args: [] }),
  {
    worker: true,
  },
)
