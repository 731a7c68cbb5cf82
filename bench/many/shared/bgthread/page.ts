import { bgThread } from 'bgthread'
import { drive } from '../driver.js'

const { proxy } = bgThread(() => import('../logic.js'), { name: 'adder', shared: true })
drive(proxy.add)
