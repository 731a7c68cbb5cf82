import { drive } from '../driver.js'
import { connect } from '../hand-page.js'

drive(() => {
  const worker = new Worker(new URL('./worker.ts', import.meta.url), { type: 'module' })
  return connect<string>(worker, (rows) => JSON.parse(rows))
})
