import { expose } from 'comlink'
import { hello } from '../../../pages/hello/hello.js'

expose(hello)
