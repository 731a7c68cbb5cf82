import { mount, unmount } from 'svelte'
import type { AppProps, Proxy } from '../shared/place'
import App from './App.svelte'
import { PROXY } from './proxy'

/** Mounts the app in Svelte; gives the function that takes it away. */
export function mountSvelte(target: HTMLElement, proxy: Proxy, props: AppProps): () => void {
  const app = mount(App, { target, props, context: new Map([[PROXY, proxy]]) })
  return () => void unmount(app)
}
