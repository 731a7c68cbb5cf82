import { bgThread } from 'bgthread'
import { drive } from '../driver.js'

drive(async () => {
  const adder = bgThread(() => import('../../shared/logic.js'), { name: 'adder' })
  const caller = bgThread(() => import('./caller.js'), { name: 'caller' })
  await caller.proxy.use(adder.proxy)
  return caller.proxy
})
