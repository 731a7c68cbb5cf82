import { hello } from '../../../pages/hello/hello.js'

onmessage = ({ data }) => postMessage({ id: data.id, result: hello.greet(data.name) })

hello.watchCount((count) => postMessage({ count }))
