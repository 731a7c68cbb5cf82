import { describe, expect, it } from 'vitest'
import { appendStack, Tracer } from '../../src/core/stacks.js'

describe('appendStack', () => {
  it("puts the caller's frames behind the thread's, under a line that names the action", () => {
    const error = Object.assign(new Error('e'), { stack: 'Error: e\n    at inThread' })
    for (const head of ['Error', 'Error: text', '[object Object]']) {
      error.stack = 'Error: e\n    at inThread'
      appendStack(error, 'todos.add()', { stack: `${head}\n    at onPage\n    at click` })
      expect(error.stack).toBe(
        'Error: e\n    at inThread\n    at --- todos.add(), called by ---\n    at onPage\n    at click',
      )
    }
    expect(Object.keys(error)).toEqual([])
  })

  it('keeps every frame of an engine that writes no head', () => {
    const error = Object.assign(new Error('e'), { stack: 'inThread@app.js:1' })
    appendStack(error, 'todos.add()', { stack: 'onPage@app.js:2\nclick@app.js:3' })
    expect(error.stack).toContain('onPage@app.js:2\nclick@app.js:3')
  })

  it('leaves an error as it is where no caller is known', () => {
    const error = new Error('e')
    const { stack } = error
    appendStack(error, 'todos.add()', undefined)
    appendStack(error, 'todos.add()', {})
    expect(error.stack).toBe(stack)
  })
})

describe('Tracer', () => {
  function callSite(tracer: Tracer, action = 'add') {
    return tracer.take(action, callSite)
  }

  it('a trace begins at the line that called the function above', () => {
    const stack = (function userLine() {
      return callSite(new Tracer())?.stack
    })()
    expect(stack?.split('\n')[1]).toContain('userLine')
    expect(stack).not.toContain('callSite')
  })

  it('takes so many in one tick, and the others share the last one', () => {
    const tracer = new Tracer()
    const traces = Array.from({ length: 100 }, () => callSite(tracer))
    const different = new Set(traces).size
    expect(different).toBeGreaterThan(1)
    expect(different).toBeLessThan(64)
    expect(traces.at(-1)).toBe(traces[different - 1])
  })

  it('blames no other line: another action gets none beyond them, and the next tick its own', async () => {
    const tracer = new Tracer()
    const last = Array.from({ length: 100 }, () => callSite(tracer)).at(-1)
    expect(callSite(tracer, 'remove')).toBeUndefined()
    await null
    expect(callSite(tracer)?.stack).toBeDefined()
    expect(callSite(tracer)).not.toBe(last)
  })
})
