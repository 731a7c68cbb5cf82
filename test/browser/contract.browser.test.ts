/** The contract in a real module worker, as the dev server gives it. */
import { bgThread } from 'bgthread'
import { describeContract } from '../contract/contract'

/** Its workers take four times as long to load as those of a build, and then do the same. */
const long = 'the long run has it'
const without = {
  values: long,
  settling: long,
  errors: long,
  order: long,
  streams: long,
  pace: long,
  patches: long,
  arguments: long,
  restart: long,
  reach: long,
  fireAndForget: long,
}

describeContract(
  'worker of the dev server',
  (options) => bgThread(() => import('../contract/logic'), options as { args: [] }),
  { worker: true, without: import.meta.env['VITE_LONG'] ? {} : without },
)
