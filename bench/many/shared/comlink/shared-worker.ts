import { expose } from 'comlink'
import { add } from '../../adder.js'

const api = { add }

export type Api = typeof api

addEventListener('connect', (event) => {
  for (const port of (event as MessageEvent).ports) expose(api, port)
})
