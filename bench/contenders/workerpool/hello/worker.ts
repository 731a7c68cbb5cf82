import workerpool from 'workerpool'
import { hello } from '../../../pages/hello/hello.js'

workerpool.worker({
  greet: hello.greet,
  watchCount: () => new Promise(() => hello.watchCount((count) => workerpool.workerEmit(count))),
})
