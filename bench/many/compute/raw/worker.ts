import { total } from '../total.js'

onmessage = ({ data }: MessageEvent<string>) => postMessage(total(data))
