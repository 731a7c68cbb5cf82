import { add } from '../../adder.js'
import { answerOn } from '../../hand.js'

answerOn(globalThis, { add })
