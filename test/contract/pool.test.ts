// @vitest-environment happy-dom
import { bgPool } from 'bgthread'
import { describePoolContract } from './pool'

describePoolContract(
  'pool of one in process',
  (options) => bgPool(() => import('./logic'), options as { args: [] }),
  { worker: false },
)
