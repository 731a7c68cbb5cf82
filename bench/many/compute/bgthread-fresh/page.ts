import { bgThread } from 'bgthread'
import { drive } from '../driver.js'

drive(async (text) => {
  const thread = bgThread(() => import('./logic.js'))
  const sum = await thread.proxy.total(text)
  thread.terminate()
  return sum
})
