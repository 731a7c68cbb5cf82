import { drive } from '../driver.js'
import { connect } from '../hand-page.js'
import type { Row } from '../rows.js'

drive(() => {
  const worker = new Worker(new URL('./worker.ts', import.meta.url), { type: 'module' })
  return connect<readonly Row[]>(worker, (rows) => rows)
})
