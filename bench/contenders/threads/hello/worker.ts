import { Observable } from 'threads/observable'
import { expose } from 'threads/worker'
import { hello } from '../../../pages/hello/hello.js'

const api = {
  greet: (name: string) => hello.greet(name),
  watchCount: () => new Observable<number>((observer) => hello.watchCount((count) => observer.next(count))),
}

export type Api = typeof api

expose(api)
