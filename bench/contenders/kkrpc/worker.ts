import { RPCChannel, WorkerChildIO } from 'kkrpc/browser'
import { callbackFunctions, CallbackLogic } from '../callback-logic.js'

const api = callbackFunctions(new CallbackLogic())

export type Api = typeof api

const channel = new RPCChannel<Api, object>(new WorkerChildIO(), { expose: api })
Object.assign(globalThis, { channel })
