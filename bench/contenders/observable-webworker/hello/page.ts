import { fromWorker } from 'observable-webworker'
import { of } from 'rxjs'
import { workerUrl } from '../../worker-url.js'

fromWorker<string, string | number>(() => new Worker(workerUrl(), { type: 'module' }), of('Ada')).subscribe(
  (message) => {
    if (typeof message === 'number') document.title = String(message)
    else document.body.textContent = message
  },
)
