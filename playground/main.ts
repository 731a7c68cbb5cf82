import type { Room, RoomModule, UiName } from './rooms/room'
import { Meter } from './shell/meter'
import { routeOf, type RoomName } from './shell/route'
import { setUpTheme } from './shell/theme'
import './styles/index.css'

/** Each room is loaded when it is opened first. */
const load: Record<RoomName, () => Promise<RoomModule>> = {
  table: () => import('./rooms/table'),
  tabs: () => import('./rooms/tabs'),
  pictures: () => import('./rooms/pictures'),
}

const UIS = ['svelte', 'vue'] as const
const root = document.documentElement
const element = <E extends HTMLElement>(id: string) => document.getElementById(id) as E
const radio = (ui: string) => document.querySelector<HTMLInputElement>(`input[name=ui][value=${ui}]`)!

const meter = new Meter({
  strip: element<HTMLCanvasElement>('strip'),
  rate: element('rate'),
  longest: { thread: element('longest-thread'), page: element('longest-page') },
})

let name: RoomName | undefined
let room: Room | undefined
const unmounts = new Map<UiName, () => void>()

function draw(): void {
  const uis = shownUis()
  for (const ui of UIS) {
    element(ui).hidden = !uis.includes(ui)
    if (room && uis.includes(ui) && !unmounts.has(ui)) unmounts.set(ui, room.mount(ui, element(ui)))
  }
  element('svelte').parentElement!.classList.toggle('both', uis.length > 1)
}

function shownUis(): UiName[] {
  const { value } = document.querySelector<HTMLInputElement>('input[name=ui]:checked')!
  return value === 'both' ? ['svelte', 'vue'] : [value as UiName]
}

function takeAway(): void {
  for (const unmount of unmounts.values()) unmount()
  unmounts.clear()
}

function redraw(): void {
  takeAway()
  draw()
}

async function follow(): Promise<void> {
  const route = routeOf(location.hash)
  if (route.ui) radio(route.ui).checked = true
  if (route.room === name) return draw()
  takeAway()
  room?.leave()
  room = undefined
  const here = (name = route.room)
  tellWhere(here)
  const { enter } = await load[here]()
  // Another one may have been asked for meanwhile.
  if (name !== here) return
  room = enter({ meter, redraw })
  draw()
}

/** What is around the room says which it is. */
function tellWhere(here: RoomName): void {
  root.dataset.room = here
  root.dataset.place = 'thread'
  meter.countFor('thread')
  scrollTo(0, 0)
  for (const link of document.querySelectorAll<HTMLAnchorElement>('.rooms a')) {
    if (link.hash === `#${here}`) link.setAttribute('aria-current', 'page')
    else link.removeAttribute('aria-current')
  }
  for (const part of document.querySelectorAll<HTMLElement>('[data-in]'))
    part.hidden = !part.dataset.in!.split(' ').includes(here)
}

element('ui').addEventListener('change', draw)
element('reset').addEventListener('click', () => meter.reset())
addEventListener('hashchange', () => void follow())
setUpTheme(element<HTMLButtonElement>('theme'))

// A file dropped beside the room must not replace the page.
for (const type of ['dragover', 'drop'] as const) addEventListener(type, (event) => event.preventDefault())

// Two rooms side by side want space: a window made narrow shows one.
matchMedia('(max-width: 1099px)').addEventListener('change', ({ matches }) => {
  if (!matches || !radio('both').checked) return
  radio('svelte').checked = true
  draw()
})

// After a reload some browsers press the switches that were pressed before it.
for (const each of document.querySelectorAll<HTMLInputElement>('input[type=radio]')) {
  each.checked = each.defaultChecked
}

void follow()

// The frames in which the page itself was loaded are nobody's.
setTimeout(() => meter.reset(), 1000)
