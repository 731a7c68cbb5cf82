import { defineMeasure } from '../harness/measure.js'

/**
 * A UI thread that works 12 of every 16 ms, while a state of 5,000 rows changes a hundred times a second. Do the
 * app's frames keep coming, and how old is what it shows?
 */
export default defineMeasure({
  id: 'busy',
  needs: ['stream'],
  results: {
    frames: { title: 'busy UI thread: frames of those asked', unit: '%', better: 'higher' },
    lag: { title: 'busy UI thread: age of a snapshot, 95th percentile', unit: 'ms', better: 'lower' },
  },
  async run({ evaluate }) {
    return await evaluate(async () => {
      const session = await bench.open()
      const lags: number[] = []
      const perSecond = 100
      const seconds = 2
      const told = { wrong: 0, onLast: () => {} }
      const last = new Promise<void>((resolve) => (told.onLast = resolve))
      await session.watch('rows', ({ count, at, rows }) => {
        if (at === undefined) return
        lags.push(performance.timeOrigin + performance.now() - at)
        if (rows?.[count % rows.length]?.price !== count) told.wrong++
        if (count === perSecond * seconds) told.onLast()
      })
      const updates = session.update(5000, perSecond, perSecond * seconds)

      const frame = 16
      const asked = (seconds * 1000) / frame
      const start = performance.now()
      let reached = 0
      await new Promise<void>((resolve) => {
        const work = () => {
          reached++
          const now = performance.now()
          while (performance.now() < now + 12);
          // The next frame that is not over yet. One that was missed does not come back.
          const next = Math.floor((performance.now() - start) / frame) + 1
          if (next >= asked) resolve()
          else setTimeout(work, start + next * frame - performance.now())
        }
        work()
      })
      await Promise.all([updates, last])
      bench.close()
      if (told.wrong > 0) throw new Error(`${told.wrong} snapshots lack the row that changed`)
      lags.sort((a, b) => a - b)
      return { frames: (100 * reached) / asked, lag: lags[Math.floor(lags.length * 0.95)] ?? Number.NaN }
    })
  },
})
