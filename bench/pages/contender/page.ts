// The script of every contender's page. What the measures run in it finds the contender as `bench`.
import module from 'virtual:page'
import type { Contender } from '../../contenders/contender.js'
import type { Bench } from './bench.js'

const contender = module as Contender

const page: Omit<Bench, 'session'> & Partial<Pick<Bench, 'session'>> = {
  start: async () => contender.start(),
  async open() {
    const session = await contender.start()
    await session.add(1, 2)
    page.session = session
    return session
  },
  close: () => page.session?.end(),
  // No Promise.all: what it makes for each call would cost more than some contenders do.
  addAll: (session, count) =>
    new Promise((resolve, reject) => {
      let total = 0
      let left = count
      const expected = (count * (count + 1)) / 2
      const onSum = (sum: number) => {
        total += sum
        if (--left > 0) return
        if (total === expected) resolve()
        else reject(new Error(`${count} sums make ${total} and not ${expected}`))
      }
      for (let i = 0; i < count; i++) session.add(i, 1).then(onSum, reject)
    }),
  cannot: contender.cannot,
}

Object.assign(globalThis, { bench: page })
