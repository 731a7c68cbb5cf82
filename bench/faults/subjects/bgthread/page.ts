import './errors.js'
import { bgThread, type Thread, type ThreadSettings } from 'bgthread'
import type { FaultLogic } from '../../logic.js'
import type { Started, StartOptions, Subject } from '../../subject.js'
import { lastWorker } from '../../workers.js'

function start({ logic = 'sound', script, againstHangs }: StartOptions, tell: (what: string) => void) {
  const settings: ThreadSettings = { name: 'faults', ...(againstHangs && { onHang: 'restart' }) }
  const starts: Record<typeof logic, () => Thread<FaultLogic>> = {
    sound: () => bgThread(() => import('./sound.js'), { ...settings }),
    'throws-at-top': () => bgThread(() => import('../../logics/throws-at-top.js'), { ...settings }),
    'throws-in-constructor': () =>
      bgThread(() => import('../../logics/throws-in-constructor.js'), { ...settings }),
    'start-rejects': () => bgThread(() => import('../../logics/start-rejects.js'), { ...settings }),
  }
  const thread = script
    ? bgThread<FaultLogic>(() => new Worker(script, { type: 'module' }), settings)
    : starts[logic]()
  thread.status.subscribe(({ state }) => {
    if (state !== 'starting' && state !== 'ready') tell(`status \`${state}\``)
  })
  return startedOf(thread)
}

function startedOf(thread: Thread<FaultLogic>): Started {
  const { proxy } = thread
  const started: Started = {
    calls: proxy,
    hold: (callback) => proxy.hold(callback),
    watch: async (next) => proxy.watch('count').subscribe(next),
    loose: proxy,
    endpoint: lastWorker,
    restart() {
      void thread.restart()
      return started
    },
  }
  return started
}

export default { start } satisfies Subject
