/** Subjects that are no library: the harness must see what each of them does. */
import type { Calls, Started, Subject } from '../../../bench/faults/subject'

const never = () => new Promise<never>(() => {})
const rejects = () => Promise.reject(new RangeError('planted'))

/** What every call of a planted subject does, by the folder of its page. */
const ways: Record<string, (name: keyof Calls) => () => PromiseLike<unknown>> = {
  hanging: () => never,
  rejecting: (name) => (name === 'add' ? () => Promise.resolve(3) : rejects),
  throwing: (name) => () => {
    if (name === 'add') return Promise.resolve(3)
    throw new SyntaxError('planted')
  },
  wrong: () => () => Promise.resolve('wrong'),
  loud: (name) => () => {
    console.error('planted')
    setTimeout(() => {
      throw new Error('planted')
    })
    return name === 'add' ? Promise.resolve(3) : rejects()
  },
}

const names: readonly (keyof Calls)[] = [
  'add',
  'burst',
  'pause',
  'hang',
  'loop',
  'die',
  'take',
  'giveUncloneable',
  'giveDeep',
  'fail',
  'chatter',
  'callHeld',
  'harm',
]

function start(): Started {
  const way = ways[location.pathname.split('/').at(-2) ?? '']
  if (!way) throw new Error('nothing is planted here')
  const calls = Object.fromEntries(names.map((name) => [name, way(name)])) as unknown as Calls
  return {
    calls,
    hold: never,
    watch: never,
    loose: {},
    endpoint: () => ({ postMessage: () => {} }),
    restart: start,
  }
}

export default { start } satisfies Subject
