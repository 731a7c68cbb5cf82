/** Promise 3, errors tell the truth. */
import { describe, expect, it, vi } from 'vitest'
import type { Contract } from './harness'
import { odd } from './odd'

export function describeErrors({ transport, start, real }: Contract): void {
  describe(`${transport}: promise 3, errors tell the truth`, () => {
    const thrown = async (what: string): Promise<unknown> => {
      const { proxy } = start()
      const sync = await proxy.throwIt(what).then(
        () => expect.unreachable(),
        (error: unknown) => ({ error }),
      )
      const later = await proxy.rejectIt(what).then(
        () => expect.unreachable(),
        (error: unknown) => ({ error }),
      )
      if (!(sync.error instanceof Error)) expect(later.error).toEqual(sync.error)
      return sync.error
    }

    it('keeps the built-in class, message and the chain of causes', async () => {
      const error = (await thrown('type')) as TypeError
      expect(error).toBeInstanceOf(TypeError)
      expect(error.message).toBe('wrong type')
      expect(error.cause).toBeInstanceOf(RangeError)
      expect((error.cause as Error).cause).toBe('deeper')
    })

    it('keeps the errors of an AggregateError', async () => {
      const error = (await thrown('aggregate')) as AggregateError
      expect(error).toBeInstanceOf(AggregateError)
      expect(error.errors).toEqual([new Error('one'), 'two'])
    })

    it('keeps a DOMException', async () => {
      const error = await thrown('dom')
      expect(error).toBeInstanceOf(DOMException)
      expect((error as DOMException).name).toBe('AbortError')
      expect((error as DOMException).message).toBe('aborted')
    })

    it('keeps registered classes, also as causes', async () => {
      const { QuotaError } = await import('./errors')
      const error = (await thrown('quota')) as InstanceType<typeof QuotaError>
      expect(error).toBeInstanceOf(QuotaError)
      expect(error).toMatchObject({ limit: 7, isQuota: true, name: 'QuotaError' })
      expect(error.cause).toBeInstanceOf(QuotaError)
    })

    it('gives an unknown class its nearest known one and its own name', async () => {
      const error = (await thrown('private')) as Error
      expect(error).toBeInstanceOf(TypeError)
      expect(error).toMatchObject({ name: 'PrivateError', message: 'hidden' })
    })

    it('keeps own properties, and the error where one of them cannot cross', async () => {
      const error = (await thrown('props')) as Error
      expect(error).toMatchObject({ message: 'with props', code: 'E_CODE', status: 404, details: { a: [1] } })
      expect('socket' in error).toBe(false)
    })

    it.each([
      ['undefined', undefined],
      ['null', null],
      ['zero', 0],
      ['empty', ''],
      ['false', false],
      ['object', { reason: 'plain' }],
    ])('a thrown %s arrives as it was thrown', async (what, value) => {
      expect(await thrown(what)).toEqual(value)
    })

    it('a thrown thing that cannot cross is named', async () => {
      expect(await thrown('function')).toMatchObject({ code: 'NOT_CLONEABLE', path: 'thrown' })
    })

    it.each(['message', 'name', 'proxy', 'revoked'])(
      'a thrown error with a hostile %s settles its call',
      async (what) => {
        const { proxy } = start()
        await expect(proxy.throwHostile(what)).rejects.toBeInstanceOf(Error)
        await expect(proxy.rejectHostile(what)).rejects.toBeInstanceOf(Error)
      },
    )

    it('a hostile abort reason settles its call', async () => {
      const { proxy } = start()
      const controller = new AbortController()
      const call = proxy.untilAborted({ signal: controller.signal })
      await vi.waitFor(async () => expect(await proxy.readLog()).toEqual(['waiting']))
      const { proxy: reason, revoke } = Proxy.revocable({}, {})
      revoke()
      controller.abort(reason)
      const settled = await call.then(
        () => 'resolved',
        () => 'rejected',
      )
      expect(settled).toBe('rejected')
    })

    it('keeps errors among the own properties of an error', async () => {
      const error = (await thrown('nested')) as { original: Error & { code: string } }
      expect(error.original).toBeInstanceOf(TypeError)
      expect(error.original.code).toBe('E_INNER')
    })

    it('keeps what can cross of what an error holds, and what is not enumerable', async () => {
      const { cause } = (await thrown('held')) as { cause: Error & { response: unknown } }
      expect(cause.message).toBe('inner')
      expect(cause.response).toEqual({ status: 404, data: [1] })
      const hidden = await thrown('hidden')
      expect((hidden as { issues: unknown }).issues).toEqual([{ path: ['a'] }])
      expect(Object.keys(hidden as object)).toEqual([])
    })

    it('keeps it of an error that a callback throws, too', async () => {
      const { proxy } = start()
      const error = new TypeError('no answer', { cause: { status: 5, retry() {} } })
      const told = await proxy.askAndTell(() => {
        throw Object.assign(error, { response: { status: 404, transform() {} } })
      })
      expect(told).toEqual({
        name: 'TypeError',
        message: 'no answer',
        response: { status: 404 },
        cause: { status: 5 },
      })
    })

    it('keeps the error classes of the platform, with their fields', async () => {
      const error = (await thrown('wasm')) as Error
      expect(error).toBeInstanceOf(WebAssembly.CompileError)
      expect(error.cause).toBeInstanceOf(WebAssembly.LinkError)
      const full = await thrown('dom subclass')
      expect(full).toBeInstanceOf(DOMException)
      expect(full).toMatchObject({ name: 'QuotaExceededError', message: 'full', quota: 5 })
    })

    const ODD: [string, string, unknown?][] = [
      ['function', 'the function retry'],
      ['symbol', 'Symbol(stop)'],
      ['instance', 'an instance of HttpError (status, retry)', { status: 404 }],
      ['object', 'an object (gone)', { message: 'gone', code: 5 }],
      ['promise', 'an instance of Promise'],
      ['revoked', 'something that cannot be read'],
    ]

    it.each(ODD)('a thrown %s that cannot cross is described, with the place', async (what, text, cause) => {
      const { proxy } = start()
      const error = (await proxy.throwOdd(what).then(
        () => expect.unreachable(),
        (error: unknown) => error,
      )) as Error
      expect(error).toMatchObject({ code: 'NOT_CLONEABLE', path: expect.stringMatching(/^thrown/) as string })
      expect(error.message).toContain(`contract.throwOdd(): ${text} was thrown`)
      expect(error.cause).toEqual(cause)
      const failed = await new Promise<Error>((tell) => {
        proxy.watchOdd(what).subscribe({ error: (error) => tell(error as Error) })
      })
      expect(failed.message).toContain(`contract.watchOdd(): ${text} was thrown`)
      const told = (await proxy.askAndTell(() => {
        throw odd(what)
      })) as Error
      expect(told.message).toContain(`contract: a callback: ${text} was thrown`)
    })

    it.each(ODD)('a start that throws a %s tells so, and where', async (what, text, cause) => {
      for (const [owner, place] of [
        ['constructor throws', 'its constructor'],
        ['onStart throws', 'onStart()'],
      ]) {
        const error = (await start({ args: [`${owner} ${what}`] }).ready.catch(
          (error: unknown) => error,
        )) as Error
        expect(error).toMatchObject({ code: 'START_FAILED', cause: { code: 'NOT_CLONEABLE' } })
        expect(error.message).toContain(
          `thread 'contract' could not start: contract: ${place}: ${text} was thrown`,
        )
        expect(error.message).not.toContain('callback')
        expect((error.cause as Error).cause).toEqual(cause)
      }
    })

    it("has the thread's stack and then the caller's", async () => {
      const { proxy } = start()
      const error = await (function theClickHandler() {
        return proxy.throwIt('type')
      })().then(
        () => expect.unreachable(),
        (error: unknown) => error as Error,
      )
      expect(error.stack).toMatch(/throwIt[\s\S]*contract\.throwIt\(\), called by[\s\S]*theClickHandler/)
      expect(error.stack).not.toMatch(/called by[\s\S]*\bcaller\.ts/)
    })

    // In process an uncaught error is one of the page's own.
    const itInWorkers = real.worker ? it : () => {}
    itInWorkers('errors that nothing caught reach onError once, and the thread lives', async () => {
      const errors: unknown[] = []
      const thread = start({ onError: (error) => errors.push(error) })
      await thread.proxy.failLater()
      await vi.waitFor(() => expect(errors).toHaveLength(2))
      expect(errors).toContainEqual(new RangeError('nobody caught this'))
      expect(errors).toContainEqual(expect.objectContaining({ limit: 5 }))
      expect(await thread.proxy.echo('alive')).toBe('alive')
      expect(errors).toHaveLength(2)
    })

    itInWorkers('without onError they are reported on the page like any other, once', async () => {
      const reported: unknown[] = []
      const listen = (event: ErrorEvent) => {
        event.preventDefault()
        event.stopImmediatePropagation()
        reported.push(event.error)
      }
      window.addEventListener('error', listen, { capture: true })
      const thread = start()
      await thread.proxy.failLater()
      await vi.waitFor(() => expect(reported).toHaveLength(2))
      await thread.proxy.echo('alive')
      window.removeEventListener('error', listen, { capture: true })
      expect(reported).toHaveLength(2)
    })
  })
}
