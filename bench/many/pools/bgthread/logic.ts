import { work } from '../task.js'

export default class Worker {
  work(task: number, ms: number) {
    return work(task, ms)
  }
}
