import { getContext } from 'svelte'
import type { Proxy } from '../shared/place'

/** The key of the proxy in the context of the app. */
export const PROXY = 'proxy'

/** The logic that this app was mounted with. */
export function useProxy(): Proxy {
  return getContext<Proxy>(PROXY)
}
