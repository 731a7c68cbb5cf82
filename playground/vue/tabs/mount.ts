import { createApp } from 'vue'
import type { Seat } from '../../shared/loom-seat'
import LoomApp from './LoomApp.vue'

/** Mounts the loom in Vue; gives the function that takes it away. */
export function mountVue(target: HTMLElement, seat: Seat): () => void {
  const app = createApp(LoomApp, { seat })
  app.mount(target)
  return () => app.unmount()
}
