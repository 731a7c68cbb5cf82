import workerpool from 'workerpool'
import { work } from '../task.js'

workerpool.worker({ work })
