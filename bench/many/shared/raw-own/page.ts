import { callerOf } from '../../hand.js'
import { drive } from '../driver.js'

const call = callerOf(new Worker(new URL('./own-worker.ts', import.meta.url), { type: 'module' }))
drive((a, b) => call('add', [a, b]))
