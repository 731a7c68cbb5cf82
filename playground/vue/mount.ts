import { createApp } from 'vue'
import type { AppProps, Proxy } from '../shared/place'
import App from './App.vue'
import { PROXY } from './proxy'

/** Mounts the app in Vue; gives the function that takes it away. */
export function mountVue(target: HTMLElement, proxy: Proxy, props: AppProps): () => void {
  const app = createApp(App, { ...props }).provide(PROXY, proxy)
  app.mount(target)
  return () => app.unmount()
}
