import { runWorker, type DoWork } from 'observable-webworker'
import { map, merge, Observable } from 'rxjs'
import { hello } from '../../../pages/hello/hello.js'

class HelloWorker implements DoWork<string, string | number> {
  work(names: Observable<string>) {
    const counts = new Observable<number>((observer) => hello.watchCount((count) => observer.next(count)))
    return merge(names.pipe(map(hello.greet)), counts)
  }
}

runWorker(HelloWorker)
