// The floor: what one writes by hand. A queue, and a worker gets the next task when it has done the last.
import { workerUrl } from '../../../contenders/worker-url.js'
import { drive } from '../driver.js'
import type { Done } from '../task.js'

interface Waiting {
  task: number
  ms: number
  resolve(done: Done): void
}

drive((size) => {
  const url = workerUrl()
  const queue: Waiting[] = []
  const idle = new Set<Worker>()
  const atWork = new Map<Worker, Waiting>()

  const next = (worker: Worker) => {
    const waiting = queue.shift()
    if (!waiting) return void idle.add(worker)
    idle.delete(worker)
    atWork.set(worker, waiting)
    worker.postMessage([waiting.task, waiting.ms])
  }

  const workers = Array.from({ length: size }, () => {
    const worker = new Worker(url, { type: 'module' })
    worker.onmessage = ({ data }: MessageEvent<Done>) => {
      atWork.get(worker)?.resolve(data)
      next(worker)
    }
    idle.add(worker)
    return worker
  })

  return {
    work: (task, ms) =>
      new Promise<Done>((resolve) => {
        queue.push({ task, ms, resolve })
        const [worker] = idle
        if (worker) next(worker)
      }),
    end: () => workers.forEach((worker) => worker.terminate()),
  }
})
