// @vitest-environment happy-dom
import { useBgRef, type BgSource } from 'bgthread/vue'
import { describe, expect, it } from 'vitest'
import { computed, createApp, effectScope, isReadonly, isRef, nextTick, ref, unref, watch } from 'vue'
import { MemoryStream, streamsBy } from '../memory-stream.js'

describe('useBgRef outside of components', () => {
  it('is initial until the first snapshot', () => {
    const stream = new MemoryStream<string[]>()
    const todos = useBgRef(stream, { initial: [] })
    expect(todos.value).toEqual([])
    stream.emit(['milk'])
    expect(todos.value).toEqual(['milk'])
  })

  it('is undefined until the first snapshot without initial', () => {
    const stream = new MemoryStream<string>()
    const todo = useBgRef(stream)
    expect(todo.value).toBeUndefined()
    stream.emit('milk')
    expect(todo.value).toBe('milk')
  })

  it('begins with a snapshot that is known', () => {
    expect(useBgRef(new MemoryStream('milk'), { initial: 'none' }).value).toBe('milk')
  })

  it('is a ref of the very snapshot, and only the library writes it', () => {
    const snapshot = { title: 'milk' }
    const todo = useBgRef(new MemoryStream(snapshot))
    expect([isRef(todo), unref(todo)]).toEqual([true, snapshot])
    expect(todo.value).toBe(snapshot)
    expect([todo, todo.error, todo.status].map(isReadonly)).toEqual([true, true, true])
  })

  it('has error and status as refs', () => {
    const stream = new MemoryStream<string>()
    const { error, status } = useBgRef(stream)
    expect([error.value, status.value]).toEqual([undefined, 'connecting'])
    stream.emit('milk')
    expect(status.value).toBe('live')
    stream.fail('offline')
    expect([error.value, status.value]).toEqual(['offline', 'error'])
  })

  it('ends with its effect scope', () => {
    const stream = new MemoryStream('milk')
    const scope = effectScope()
    const todo = scope.run(() => useBgRef(stream))
    expect(stream.readers.size).toBe(1)
    scope.stop()
    stream.emit('bread')
    expect([stream.readers.size, todo?.value]).toEqual([0, 'milk'])
  })

  it('subscribes again once when several refs that its function reads change together', async () => {
    const watchTodo = streamsBy<string, string>()
    const list = ref('shop')
    const id = ref(1)
    const calls: string[] = []
    const todo = useBgRef(() => {
      calls.push(`${list.value} ${id.value}`)
      return watchTodo(`${list.value} ${id.value}`)
    })
    watchTodo('shop 1').emit('milk')
    watchTodo('home 2').emit('sweep')
    const both: string[] = []
    watch([id, todo], ([now, title]) => both.push(`${now} ${title}`))
    const loud = computed(() => todo.value?.toUpperCase())
    list.value = 'home'
    id.value = 2
    await nextTick()
    expect(calls).toEqual(['shop 1', 'home 2'])
    expect([watchTodo('shop 1').readers.size, watchTodo('home 2').readers.size]).toEqual([0, 1])
    expect([both, loud.value]).toEqual([['2 sweep'], 'SWEEP'])
  })
})

describe('useBgRef refuses', () => {
  const refusal = new TypeError(
    'useBgRef(source): source must be a stream or a function that returns one, as in useBgRef(proxy.watchTodos)',
  )
  // As JavaScript would: the types do not let it pass.
  const read = (source: unknown) => useBgRef(source as BgSource<unknown>)

  it.each([undefined, null, 'milk', {}, Promise.resolve()])('%s', (source) => {
    expect(() => read(source)).toThrow(refusal)
  })

  it.each([[undefined], [[1, 2]], [{ subscribe() {} }]])(
    'a function that gives %s, as the error of its component',
    (given) => {
      const errors: unknown[] = []
      const app = createApp({ setup: () => (read(() => given), () => 'shown') })
      app.config.errorHandler = (error) => errors.push(error)
      app.mount(document.createElement('main'))
      expect(errors).toEqual([refusal])
      app.unmount()
    },
  )
})
