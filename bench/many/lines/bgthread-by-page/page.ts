import { bgThread } from 'bgthread'
import { drive } from '../driver.js'

drive(async () => {
  const adder = bgThread(() => import('../../shared/logic.js'), { name: 'adder' })
  const caller = bgThread(() => import('../bgthread/caller.js'), { name: 'caller' })
  await caller.proxy.useFunction((a, b) => adder.proxy.add(a, b))
  return caller.proxy
})
