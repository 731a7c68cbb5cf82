import { markAsTransferable, ThreadWebWorker } from '@quilted/threads'
import { callbackFunctions, CallbackLogic } from '../callback-logic.js'

const logic = new CallbackLogic()

const api = {
  ...callbackFunctions(logic),
  copy: async (bytes: ArrayBuffer) => logic.touch(bytes),
  move: async (bytes: ArrayBuffer) => markAsTransferable(logic.touch(bytes)),
}

export type Api = typeof api

ThreadWebWorker.self.export(api)
