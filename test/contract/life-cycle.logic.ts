import type { ThreadContext } from 'bgthread/worker'
import { QuotaError } from './errors'
import { OrderLogic } from './order.logic'
import { odd } from './odd'

/** Starts and stops as its first argument says. */
export class LifeCycleLogic extends OrderLogic {
  protected context: ThreadContext | undefined

  constructor(
    private owner = 'nobody',
    readonly made: unknown = undefined,
  ) {
    super()
    if (owner === 'throw') throw new QuotaError(3)
    if (owner.startsWith('constructor throws ')) throw odd(owner.slice(19))
  }

  onStart(context: ThreadContext) {
    this.context = context
    if (this.owner === 'saves') this.log('started')
    if (this.owner.startsWith('onStart throws ')) throw odd(this.owner.slice(15))
    if (this.owner === 'hang') return new Promise(() => {})
    if (this.owner === 'asks') return (this.made as { start(): Promise<void> }).start()
    if (this.owner === 'late') return Promise.reject(new RangeError('onStart failed'))
  }
  async onStop() {
    if (this.owner === 'bad-stop') throw new RangeError('onStop failed')
    await (this.made as { onStop?(): Promise<unknown> } | undefined)?.onStop?.()
  }
  saveState(): unknown {
    this.log('saved')
    if (this.owner === 'bad-save') throw new RangeError('saveState failed')
    if (this.owner === 'uncloneable-save') return { fn() {} }
    return this.owner === 'saves' ? { log: this.readLog(), at: new Date(5) } : undefined
  }
  restoreState(state: { log: string[]; at: Date }) {
    for (const entry of [...state.log, `restored ${state.at.getTime()}`]) this.log(entry)
  }
  describeContext() {
    return { name: this.context?.name, epoch: this.context?.epoch, owner: this.owner, made: this.made }
  }
  untilTheEnd() {
    const { signal } = this.context as ThreadContext
    return new Promise<string>((told) => signal.addEventListener('abort', () => told('it ends')))
  }
  callMade(value: number) {
    return (this.made as { onEvent(value: number): Promise<number> }).onEvent(value)
  }
  madeAborted() {
    const { signal } = this.made as { signal: AbortSignal }
    return signal.aborted ? (signal.reason as Error).message : 'not yet'
  }
}
