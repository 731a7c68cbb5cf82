import { callerOf } from '../../hand.js'
import { drive } from '../driver.js'

const { port } = new SharedWorker(new URL('./shared-worker.ts', import.meta.url), { type: 'module' })
const call = callerOf(port)
drive((a, b) => call('add', [a, b]))
