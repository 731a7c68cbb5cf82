import { inject, type InjectionKey } from 'vue'
import type { Proxy } from '../shared/place'

/** The key under which the app provides the proxy. */
export const PROXY: InjectionKey<Proxy> = Symbol('proxy')

/** The logic that this app was mounted with. */
export function useProxy(): Proxy {
  return inject(PROXY)!
}
