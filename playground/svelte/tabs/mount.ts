import { mount, unmount } from 'svelte'
import type { Seat } from '../../shared/loom-seat'
import LoomApp from './LoomApp.svelte'

/** Mounts the loom in Svelte; gives the function that takes it away. */
export function mountSvelte(target: HTMLElement, seat: Seat): () => void {
  const app = mount(LoomApp, { target, props: { seat } })
  return () => void unmount(app)
}
