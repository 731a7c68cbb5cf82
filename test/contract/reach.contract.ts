/** Promise 9, only public methods are reachable. */
import { reactive } from 'vue'
import { describe, expect, it } from 'vitest'
import { ActionNotFoundError } from 'bgthread'
import type { Contract } from './harness'

/** Calls beyond the types, as an attacker or an untyped user would make them. */
type Loose = Record<string, (...args: unknown[]) => Promise<unknown>>

export function describeReach({ transport, start }: Contract): void {
  describe(`${transport}: promise 9, only public methods are reachable`, () => {
    const names = new Set(
      [Object.prototype, Function.prototype, Array.prototype, Promise.prototype].flatMap((proto) =>
        Object.getOwnPropertyNames(proto),
      ),
    )
    names.delete('toString')
    names.delete('valueOf')
    names.delete('constructor')
    names.delete('then')
    // The contract's logic has these two itself.
    names.delete('echo')

    it('reaches nothing of the prototypes, no hook, no field, no accessor', async () => {
      const { proxy } = start()
      const loose = proxy as unknown as Loose
      const hidden = [
        '_hidden',
        'onStart',
        'onStop',
        'saveState',
        'accessor',
        'owner',
        'field',
        'opened',
        'nothing',
      ]
      let reached = 0
      for (const name of [...names, ...hidden]) {
        const method = loose[name]
        if (method === undefined) continue
        reached++
        const outcome = await method().then(
          (value) => ({ value }),
          (error: unknown) => ({ error }),
        )
        expect(outcome, name).toMatchObject({ error: { code: 'ACTION_NOT_FOUND' } })
      }
      // The others are answered on the page: `then`, `constructor`, what frameworks look for.
      expect(reached).toBeGreaterThan(40)
      expect(await proxy.readLog()).toEqual([])
    })

    it('says what was meant, and what to do with a field', async () => {
      const { proxy } = start()
      const loose = proxy as unknown as Loose
      await expect(loose.ecko?.()).rejects.toThrow(
        "thread 'contract' has no action 'ecko' (did you mean 'echo'?)",
      )
      await expect(loose.ecko?.()).rejects.toBeInstanceOf(ActionNotFoundError)
      await expect(loose.field?.()).rejects.toThrow("'field' is a field; make it a method")
    })

    it('answers promises, consoles and frameworks without calling the thread', async () => {
      const thread = start()
      await thread.ready
      const { proxy } = thread
      const { sent } = thread.stats()
      expect(await Promise.resolve(proxy)).toBe(proxy)
      expect(JSON.stringify({ proxy })).toBe('{"proxy":{}}')
      expect(String(proxy)).toBe("[thread 'contract']")
      expect(reactive({ proxy }).proxy).toBe(proxy)
      expect({ ...(proxy as object) }).toEqual({})
      expect('echo' in proxy).toBe(false)
      expect(thread.stats().sent).toBe(sent)
    })

    it('lets nothing be set', () => {
      const { proxy } = start()
      expect(() => Object.assign(proxy, { echo: 1 })).toThrow(TypeError)
      expect(() => Object.defineProperty(proxy, 'x', { value: 1 })).toThrow(TypeError)
      expect(() => Object.setPrototypeOf(proxy, {})).toThrow(TypeError)
    })
  })
}
