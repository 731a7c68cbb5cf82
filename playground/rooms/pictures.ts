/** The third room: pictures that a pool of threads scales down. */
import { Gallery } from '../shared/gallery'
import '../styles/pictures.css'
import { mountSvelte } from '../svelte/pictures/mount'
import { mountVue } from '../vue/pictures/mount'
import type { Room, Shell } from './room'

const mounts = { svelte: mountSvelte, vue: mountVue }

export function enter({ meter }: Shell): Room {
  const gallery = new Gallery((lane) => {
    if (lane) meter.countFor(lane === 'page' ? 'page' : 'thread')
    // The frame that the page has worked in last is not over yet.
    else requestAnimationFrame(() => requestAnimationFrame(() => meter.countFor('thread')))
  })
  return {
    mount: (ui, target) => mounts[ui](target, gallery),
    leave: () => gallery.close(),
  }
}
