import { describe, expect, it } from 'vitest'
import {
  ActionNotFoundError,
  LimitError,
  NotCloneableError,
  ThreadClosedError,
  ThreadDiedError,
  ThreadError,
  ThreadStartError,
} from '../../src/core/errors.js'
import { nearest } from '../../src/core/nearest.js'

describe('the errors of the library', () => {
  it.each<[string, string, ThreadError]>([
    ['ThreadStartError', 'START_FAILED', new ThreadStartError('m')],
    ['ThreadStartError', 'START_TIMEOUT', new ThreadStartError('m', { code: 'START_TIMEOUT' })],
    ['ThreadDiedError', 'DIED', new ThreadDiedError('m', 'unknown')],
    ['ThreadDiedError', 'RESTARTED', new ThreadDiedError('m', 'not-sent', 'RESTARTED')],
    ['ThreadClosedError', 'CLOSED', new ThreadClosedError('m')],
    ['ActionNotFoundError', 'ACTION_NOT_FOUND', new ActionNotFoundError('todos', 'ad')],
    ['NotCloneableError', 'NOT_CLONEABLE', new NotCloneableError('m', 'args[0]')],
    ['LimitError', 'LIMIT', new LimitError('m')],
  ])('%s has its name whatever a build calls the class, and the code %s', (name, code, error) => {
    expect([error.name, error.code]).toEqual([name, code])
    expect([error instanceof ThreadError, error instanceof Error]).toEqual([true, true])
    expect(Object.keys(error)).not.toContain('name')
    expect(String(error)).toMatch(`${name}: `)
  })

  it('a start that failed has the cause', () => {
    const cause = new Error('c')
    expect(new ThreadStartError('m', { cause }).cause).toBe(cause)
  })
})

describe('ActionNotFoundError', () => {
  it.each([
    ['ad', ['load', 'add'], 'add'],
    ['watchTodo', ['watchTodos', 'watch'], 'watchTodos'],
    ['LOAD', ['load'], 'load'],
    ['x', ['y'], 'y'],
  ])("for '%s' among %j it guesses '%s'", (action, actions, meant) => {
    expect(new ActionNotFoundError('todos', action, nearest(action, actions)).message).toBe(
      `thread 'todos' has no action '${action}' (did you mean '${meant}'?)`,
    )
  })

  it.each([
    ['save', ['load', 'watchTodos']],
    ['add', []],
    ['', ['load']],
  ])("for '%s' among %j it guesses nothing", (action, actions) => {
    expect(new ActionNotFoundError('todos', action, nearest(action, actions)).message).toBe(
      `thread 'todos' has no action '${action}'`,
    )
  })
})
