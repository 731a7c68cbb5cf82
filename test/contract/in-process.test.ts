import { bgThread } from 'bgthread'
import { describeContract } from './contract'

describeContract('in process', (options) => bgThread(() => import('./logic'), options as { args: [] }), {
  worker: false,
})
