/** Pools are as inert on a server as threads are; a function is computed there. */
import { expect, it } from 'vitest'
import { bgCompute, bgPool } from 'bgthread'
import TodoApp from '../logic/todo-app.js'

it('a pool on a server loads nothing and says so where it is asked', async () => {
  let loaded = false
  const pool = bgPool(async () => ((loaded = true), TodoApp), { name: 'todos', size: 2, server: 'inert' })
  for (let i = 0; i < 3; i++)
    await expect(pool.proxy.add('milk')).rejects.toMatchObject({ name: 'ThreadError', code: 'INERT' })
  const seen: unknown[] = []
  pool.proxy.watchTodos().subscribe({
    next: (todos) => seen.push(todos),
    status: (status) => seen.push(status),
    error: (error) => seen.push(error),
  })
  expect(seen).toEqual(['connecting'])
  expect({ loaded, pendingCalls: pool.stats().pendingCalls }).toEqual({ loaded: false, pendingCalls: 0 })
  await pool.close()
})

it('a pool on a server runs in process where it is told to', async () => {
  const pool = bgPool(async () => TodoApp, { size: 2, server: 'in-process' })
  expect(await pool.map(['milk', 'bread'], pool.proxy.add)).toHaveLength(2)
  await pool.close()
})

it('bgCompute runs the function on the server itself', async () => {
  const double = (n: number) => 2 * n
  expect(await bgCompute(async () => double, 21)).toBe(42)
})
