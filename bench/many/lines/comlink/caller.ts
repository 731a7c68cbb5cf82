import { expose, wrap } from 'comlink'
import type { Add } from '../../adder.js'
import { middleAtOnce, oneByOne } from '../../trips.js'
import type { Api as AdderApi } from './adder.js'

let add: Add = () => Promise.reject(new Error('there is no adder'))

const api = {
  use(port: MessagePort) {
    const adder = wrap<AdderApi>(port)
    add = (a, b) => adder.add(a, b)
  },
  oneByOne: (count: number) => oneByOne(add, count),
  atOnce: (count: number) => middleAtOnce(add, count),
}

export type Api = typeof api

expose(api)
