import { expect, it } from 'vitest'
import { bgThread } from 'bgthread'
import TodoApp from '../logic/todo-app.js'

const inert = () => {
  let loaded = false
  const thread = bgThread(async () => ((loaded = true), TodoApp), { name: 'todos', server: 'inert' })
  return { thread, wasLoaded: () => loaded }
}

it('a thread on a server loads nothing and says so where it is asked', async () => {
  const { thread, wasLoaded } = inert()
  await expect(thread.proxy.add('milk')).rejects.toMatchObject({ name: 'ThreadError', code: 'INERT' })
  await expect(thread.proxy.add('milk')).rejects.toThrow(
    "thread 'todos' does not run on a server: add() was not called. Call it in the browser, or give it the option server: 'in-process'",
  )
  await expect(thread.ready).rejects.toMatchObject({ code: 'INERT' })
  expect(wasLoaded()).toBe(false)
})

it('an ignored call of an inert thread raises nothing', async () => {
  const raised: unknown[] = []
  const listen = (error: unknown) => raised.push(error)
  process.on('unhandledRejection', listen)
  void inert().thread.proxy.add('milk')
  await new Promise((resolve) => setImmediate(resolve))
  process.off('unhandledRejection', listen)
  expect(raised).toEqual([])
})

it('a stream of an inert thread stays silent', () => {
  const seen: unknown[] = []
  const { proxy } = inert().thread
  proxy.watchTodos().subscribe({
    next: (todos) => seen.push(todos),
    status: (status) => seen.push(status),
    error: (error) => seen.push(error),
  })
  expect(seen).toEqual(['connecting'])
  expect(proxy.watchTodos().get()).toBeUndefined()
})

it('an inert thread closes at once', async () => {
  await inert().thread.close()
  inert().thread.terminate()
})

it('without an option a test runs in process, also where there is no window', async () => {
  const thread = bgThread(async () => TodoApp)
  expect(await thread.proxy.add('milk')).toBeDefined()
  await thread.close()
})
