import { add } from '../../adder.js'
import { answerOn } from '../../hand.js'

addEventListener('connect', (event) => {
  for (const port of (event as MessageEvent).ports) answerOn(port, { add })
})
