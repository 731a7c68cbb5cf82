import type { Session } from './contender.js'

/** What a page calls as it is, whatever the library. */
type Calls = Pick<Session, 'add' | 'put' | 'work' | 'burst' | 'update' | 'listeners'>

/** The calls of a session that a library's object for the thread makes as they are. */
export const callsOf = (thread: Calls): Calls => ({
  add: (a, b) => thread.add(a, b),
  put: (todo) => thread.put(todo),
  work: (ms) => thread.work(ms),
  burst: (count, perTask) => thread.burst(count, perTask),
  update: (rows, perSecond, count) => thread.update(rows, perSecond, count),
  listeners: () => thread.listeners(),
})
