import { mount, unmount } from 'svelte'
import type { Gallery } from '../../shared/gallery'
import PicturesApp from './PicturesApp.svelte'

/** Mounts the pictures in Svelte; gives the function that takes them away. */
export function mountSvelte(target: HTMLElement, gallery: Gallery): () => void {
  const app = mount(PicturesApp, { target, props: { gallery } })
  return () => void unmount(app)
}
