import './styles/index.css'
import type { AppProps, Source } from './shared/place'
import { Meter, type PlaceName } from './shell/meter'
import { proxyOf } from './shell/places'
import { setUpTheme } from './shell/theme'
import { mountSvelte } from './svelte/mount'
import { mountVue } from './vue/mount'

type UiName = 'svelte' | 'vue'

const mounts = { svelte: mountSvelte, vue: mountVue }
const element = <E extends HTMLElement>(id: string) => document.getElementById(id) as E

const meter = new Meter({
  strip: element<HTMLCanvasElement>('strip'),
  rate: element('rate'),
  longest: { thread: element('longest-thread'), page: element('longest-page') },
})

/** What was opened last, and in which places. */
let source: Source | undefined
const openedIn = new Set<PlaceName>()

let place: PlaceName = 'thread'
const unmounts = new Map<UiName, () => void>()

function show(uis: readonly UiName[]): void {
  for (const name of ['svelte', 'vue'] as const) {
    element(name).hidden = !uis.includes(name)
    if (uis.includes(name) && !unmounts.has(name))
      unmounts.set(name, mounts[name](element(name), proxyOf(place), props()))
  }
  element('svelte').parentElement!.classList.toggle('both', uis.length > 1)
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

function shownUis(): UiName[] {
  const { value } = document.querySelector<HTMLInputElement>('input[name=ui]:checked')!
  return value === 'both' ? ['svelte', 'vue'] : [value as UiName]
}

function runIn(next: PlaceName): void {
  place = next
  meter.countFor(place)
  document.documentElement.dataset.place = place
  for (const unmount of unmounts.values()) unmount()
  unmounts.clear()
  show(shownUis())
}

element('ui').addEventListener('change', () => show(shownUis()))
element('place').addEventListener('change', (event) =>
  runIn((event.target as HTMLInputElement).value as PlaceName),
)
element('reset').addEventListener('click', () => meter.reset())
setUpTheme(element<HTMLButtonElement>('theme'))

// A file dropped beside the list must not replace the page.
for (const type of ['dragover', 'drop'] as const) addEventListener(type, (event) => event.preventDefault())

// Two lists side by side want room: a window made narrow shows one.
matchMedia('(max-width: 1099px)').addEventListener('change', ({ matches }) => {
  const both = document.querySelector<HTMLInputElement>('input[name=ui][value=both]')!
  if (!matches || !both.checked) return
  document.querySelector<HTMLInputElement>('input[name=ui][value=svelte]')!.checked = true
  show(['svelte'])
})

// After a reload some browsers press the switches that were pressed before it.
for (const radio of document.querySelectorAll<HTMLInputElement>('input[type=radio]')) {
  radio.checked = radio.defaultChecked
}

runIn('thread')

// The frames in which the page itself was loaded are nobody's.
setTimeout(() => meter.reset(), 1000)
