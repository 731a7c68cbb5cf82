import { Pool, spawn, Worker } from 'threads'
import { workerUrl } from '../../../contenders/worker-url.js'
import { drive } from '../driver.js'
import type { Api } from './worker.js'

drive((size) => {
  const url = workerUrl()
  // Its workaround for workers of another origin starts a worker that imports the worker.
  const start = () => spawn<Api>(new Worker(url, { type: 'module', CORSWorkaround: false }))
  const pool = Pool(start, { size })
  return {
    work: (task, ms) => pool.queue((api) => api.work(task, ms)),
    end: () => pool.terminate(true),
  }
})
