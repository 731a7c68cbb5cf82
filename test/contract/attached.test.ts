// @vitest-environment happy-dom
import { bgThread } from 'bgthread'
import { describeClientContract } from './client'

describeClientContract('client of a thread in process', (options) =>
  bgThread(() => import('./logic'), options as { args: [] }),
)
