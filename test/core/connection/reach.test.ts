import { describe, expect, it } from 'vitest'
import { connect } from '../pair'
import { App } from './app'

const stop =
  'constructor __proto__ _private onStop toJSON accessor field hasOwnProperty toString valueOf then'.split(
    ' ',
  )

describe('what can be reached', () => {
  it.each([...stop, '__defineGetter__', 'isPrototypeOf', 'reached', 'count', 'call', 'apply', 'push', ''])(
    '%j is no action, though it is called by name',
    async (name) => {
      const app = new App()
      const { page } = await connect(app)
      await expect(page.asker.call(name, [])).rejects.toMatchObject({ code: 'ACTION_NOT_FOUND' })
      expect(app.reached).toEqual([])
    },
  )

  it('a field with a function says how to make it callable', async () => {
    const { page } = await connect(new App())
    await expect(page.asker.call('field', [])).rejects.toThrow("'field' is a field; make it a method")
  })
})
