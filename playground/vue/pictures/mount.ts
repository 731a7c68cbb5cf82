import { createApp } from 'vue'
import type { Gallery } from '../../shared/gallery'
import PicturesApp from './PicturesApp.vue'

/** Mounts the pictures in Vue; gives the function that takes them away. */
export function mountVue(target: HTMLElement, gallery: Gallery): () => void {
  const app = createApp(PicturesApp, { gallery })
  app.mount(target)
  return () => app.unmount()
}
