import { bgCompute } from 'bgthread'
import { drive } from '../driver.js'

drive((text) => bgCompute(() => import('../total.js').then((m) => m.total), text))
