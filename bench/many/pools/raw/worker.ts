import { work } from '../task.js'

onmessage = ({ data: [task, ms] }: MessageEvent<[number, number]>) => postMessage(work(task, ms))
