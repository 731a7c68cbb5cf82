import { expose } from 'comlink'
import { add } from '../../adder.js'

const api = { add }

export type Api = typeof api

expose(api)
