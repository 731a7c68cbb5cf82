import { bgPool } from 'bgthread'
import { drive } from '../driver.js'

drive((size) => {
  const pool = bgPool(() => import('./logic.js'), { size })
  return { work: pool.proxy.work, end: () => pool.terminate() }
})
