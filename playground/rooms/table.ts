/** The first room: a list of any size, with its logic in a thread or, to compare, in the page. */
import type { AppProps, Source } from '../shared/place'
import type { PlaceName } from '../shell/meter'
import { proxyOf } from '../shell/places'
import '../styles/list.css'
import { mountSvelte } from '../svelte/mount'
import { mountVue } from '../vue/mount'
import type { Room, Shell } from './room'

const mounts = { svelte: mountSvelte, vue: mountVue }

let place: PlaceName = 'thread'
/** What was opened last, and in which places. */
let source: Source | undefined
const openedIn = new Set<PlaceName>()

/** The lists stay in their threads when the visitor leaves, and are there again. */
export function enter({ meter, redraw }: Shell): Room {
  const runIn = (next: PlaceName) => {
    place = next
    meter.countFor(next)
    document.documentElement.dataset.place = next
  }
  const choice = document.getElementById('place')!
  const choose = (event: Event) => {
    runIn((event.target as HTMLInputElement).value as PlaceName)
    redraw()
  }
  choice.addEventListener('change', choose)
  runIn(place)
  return {
    mount: (ui, target) => mounts[ui](target, proxyOf(place), props()),
    leave: () => choice.removeEventListener('change', choose),
  }
}

function props(): AppProps {
  // A place that has not seen the file opens it at once, so that the two can be compared.
  const first = openedIn.has(place) ? undefined : source
  openedIn.add(place)
  const here = place
  return {
    first,
    onOpened: (opened) => {
      if (opened === source) return
      source = opened
      openedIn.clear()
      openedIn.add(here)
    },
  }
}
