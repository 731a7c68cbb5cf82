import { deep, findUnreadable } from '../../../test/support/unreadable.js'
import type { Fault } from '../fault.js'
import { QuotaError } from '../quota-error.js'
import type { Calls } from '../subject.js'

/** A call with a value that is trouble, there or back. */
const crossing = (
  id: string,
  title: string,
  make: (calls: Calls) => PromiseLike<unknown>,
  check?: (value: unknown) => Record<string, boolean>,
): Fault => ({
  id,
  group: 'values',
  title,
  async run(trial) {
    const thread = await trial.open()
    const call = trial.watch(() => make(thread.calls))
    const seen = await trial.conclude(call, thread)
    return { ...seen, ...(check && { found: keptAndLost(check(call.value)) }) }
  },
})

/** A value that is too deep: the page can send it to a thread, whose stack is smaller, but not the other way. */
const tooDeep = (
  id: string,
  title: string,
  make: (calls: Calls, levels: number) => PromiseLike<unknown>,
): Fault => ({
  id,
  group: 'values',
  title,
  async run(trial) {
    const levels = await findUnreadable()
    const thread = await trial.open()
    return await trial.conclude(
      trial.watch(() => make(thread.calls, levels)),
      thread,
    )
  },
})

function keptAndLost(checks: Record<string, boolean>): string {
  const named = (wanted: boolean) =>
    Object.entries(checks)
      .filter(([, kept]) => kept === wanted)
      .map(([name]) => name)
      .join(', ')
  const kept = named(true)
  const lost = named(false)
  return [kept && `keeps ${kept}`, lost && `loses ${lost}`].filter(Boolean).join('; ')
}

export const valueFaults: Fault[] = [
  crossing('uncloneable-argument', 'an argument that cannot be cloned (an element)', (calls) =>
    calls.take({ user: { element: document.body } }),
  ),
  crossing('uncloneable-result', 'a result that cannot be cloned (a `WeakMap`)', (calls) =>
    calls.giveUncloneable(),
  ),
  tooDeep('deep-argument', 'an argument too deep to be read', (calls, levels) => calls.take(deep(levels))),
  tooDeep('deep-result', 'a result too deep to be sent', (calls, levels) => calls.giveDeep(levels)),
  crossing(
    'throws-subclass',
    'a method throws a subclass of `Error`, with a code and a cause',
    (calls) => calls.fail('quota'),
    (error) => ({
      message: error instanceof Error && error.message === 'at most 3 todos',
      class: error instanceof QuotaError,
      code: error instanceof Error && 'code' in error && error.code === 'QUOTA',
      cause:
        error instanceof Error && error.cause instanceof Error && error.cause.message === 'the disk is full',
      "the thread's stack": error instanceof Error && /worker|blob:/.test(error.stack ?? ''),
    }),
  ),
  crossing(
    'throws-range-error',
    'a method throws a `RangeError`',
    (calls) => calls.fail('range'),
    (error) => ({ class: error instanceof RangeError }),
  ),
  crossing('throws-text', 'a method throws a string', (calls) => calls.fail('text')),
  crossing('throws-undefined', 'a method throws `undefined`', (calls) => calls.fail('undefined')),
]
