import { defineMeasure, type Context } from '../harness/measure.js'

/** 64 MB to the thread and back, moved. */
export const move = defineMeasure({
  id: 'bytes-move',
  awake: true,
  needs: ['move'],
  results: { '': { title: '64 MB there and back, transferred', unit: 'ms', better: 'lower' } },
  run: (context) => sendBack(context, 'move'),
})

/** 64 MB to the thread and back, copied. */
export const copy = defineMeasure({
  id: 'bytes-copy',
  awake: true,
  needs: ['copy'],
  results: { '': { title: '64 MB there and back, cloned', unit: 'ms', better: 'lower' } },
  run: (context) => sendBack(context, 'copy'),
})

async function sendBack({ evaluate }: Context, how: 'move' | 'copy') {
  const ms = await evaluate(async (how) => {
    const session = await bench.open()
    // One for the way, which has its own first time.
    await session[how](new ArrayBuffer(1000))
    const size = 64 * 1024 * 1024
    const bytes = new Uint8Array(size).fill(7).buffer
    const start = performance.now()
    const back = new Uint8Array(await session[how](bytes))
    const ms = performance.now() - start
    const moved = bytes.byteLength === 0
    bench.close()
    if (back.length !== size || back[0] !== 8 || back[size - 1] !== 7) throw new Error('the bytes are wrong')
    if (moved !== (how === 'move')) throw new Error(moved ? 'they were moved' : 'they were not moved')
    return ms
  }, how)
  return { '': ms }
}
