import { expose } from 'threads/worker'
import { work } from '../task.js'

const api = { work }

export type Api = typeof api

expose(api)
