import { wrap } from 'comlink'
import { drive } from '../driver.js'
import type { Api } from './shared-worker.js'

const { port } = new SharedWorker(new URL('./shared-worker.ts', import.meta.url), { type: 'module' })
const api = wrap<Api>(port)
drive((a, b) => api.add(a, b))
