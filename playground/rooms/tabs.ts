/** The second room: one logic that all tabs share. */
import { takeSeat } from '../shared/loom-seat'
import '../styles/tabs.css'
import { mountSvelte } from '../svelte/tabs/mount'
import { mountVue } from '../vue/tabs/mount'
import type { Room } from './room'

const mounts = { svelte: mountSvelte, vue: mountVue }

export function enter(): Room {
  const seat = takeSeat()
  return {
    mount: (ui, target) => mounts[ui](target, seat),
    leave: seat.leave,
  }
}
