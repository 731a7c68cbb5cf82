/** What kind of file a sample is. */
export type SampleKind = 'json' | 'csv'

const VERBS =
  'Mend,Paint,Oil,Measure,Replace,Inspect,Label,Sweep,Polish,Rewire,Sketch,Order,Pack,Count,Water,Prune,Sand,Test,Film,Return'.split(
    ',',
  )
const ADJECTIVES =
  'north,old,narrow,copper,second,folding,quiet,spare,wooden,tall,lower,painted,loose,borrowed,round,heavy,early,blue'.split(
    ',',
  )
const THINGS =
  'gate,loom,ladder,lantern,workbench,kettle,window,bicycle,greenhouse,sign,staircase,boat,map,drawer,fence,clock,oven,projector,tent,bridge,piano,awning'.split(
    ',',
  )
const PEOPLE =
  'Ada Brandt,Noor Haddad,Mateo Silva,Yuki Tanaka,Zoë Čapek,Liam O’Dowd,Amara Eze,Jörg Weiß,Inês Prado,Soren Bak,Lucía Gómez,Tomasz Król'.split(
    ',',
  )
const PLACES =
  'Aarhus,Porto,Kraków,Kyoto,Lagos,Gent,Oaxaca,Zürich,Tromsø,Izmir,Cork,Malmö,Bilbao,Turku'.split(',')
const PROJECTS = 'Harbour,Orchard,Museum,Night market,Reading room,Tramline,Weaving mill'.split(',')

/** A sample grows in parts of this size. In characters, which are nearly bytes here. */
const PART = 1 << 20

/**
 * Makes the text of a to-do list of about `bytes` bytes, part by part: title, person, project, place, due date, hours,
 * cost, done. The same seed makes the same text.
 *
 * @example for (const part of sampleText(50e6, 'json')) parts.push(part)
 */
export function* sampleText(bytes: number, kind: SampleKind, seed = 1): Generator<string, void, undefined> {
  const random = randomFrom(seed)
  const pick = (list: readonly string[]) => list[Math.floor(random() * list.length)]!
  let part = kind === 'json' ? '[' : 'title,person,project,place,due,hours,cost,done\n'
  let made = 0
  for (let row = 0; made + part.length < bytes; row++) {
    const title = `${pick(VERBS)} the ${pick(ADJECTIVES)} ${pick(THINGS)}`
    const person = pick(PEOPLE)
    const project = pick(PROJECTS)
    const place = pick(PLACES)
    const due = `2027-${two(1 + Math.floor(random() * 12))}-${two(1 + Math.floor(random() * 28))}`
    const hours = Math.ceil(random() * 64) / 4
    const cost = Math.floor(random() * 90_000) / 100
    const done = random() < 0.2
    part +=
      kind === 'json'
        ? `${row ? ',' : ''}\n{"title":"${title}","person":"${person}","project":"${project}","place":"${place}","due":"${due}","hours":${hours},"cost":${cost},"done":${done}}`
        : `${title},${person},${project},${place},${due},${hours},${cost},${done}\n`
    if (part.length < PART) continue
    yield part
    made += part.length
    part = ''
  }
  yield kind === 'json' ? `${part}\n]\n` : part
}

/** Random numbers from 0 to 1 in an order that the seed settles (mulberry32). */
function randomFrom(seed: number): () => number {
  let state = seed | 0
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296
  }
}

function two(n: number): string {
  return String(n).padStart(2, '0')
}
