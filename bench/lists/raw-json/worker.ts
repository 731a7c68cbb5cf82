/** By hand: every change posts the whole rows as one JSON text. */
import { answer } from '../hand-thread.js'

answer((rows) => JSON.stringify(rows))
