import { createEndpoint, transfer, wrap } from 'comlink'
import { drive } from '../driver.js'
import type { Api as AdderApi } from './adder.js'
import type { Api as CallerApi } from './caller.js'

drive(async () => {
  const adder = wrap<AdderApi>(new Worker(new URL('./adder.ts', import.meta.url), { type: 'module' }))
  const caller = wrap<CallerApi>(new Worker(new URL('./caller.ts', import.meta.url), { type: 'module' }))
  const port = await adder[createEndpoint]()
  await caller.use(transfer(port, [port]))
  return { oneByOne: (count) => caller.oneByOne(count), atOnce: (count) => caller.atOnce(count) }
})
