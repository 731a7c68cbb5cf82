// npm start: installs what is missing and serves the playground; it prints its address.
// PORT asks for a port (5173 where absent); where that one is taken, the next free one is used.
import { join } from 'node:path'
import { install, root } from './tools.mjs'

await install()
const { createServer } = await import('vite')
const port = Number(process.env['PORT']) || undefined
const server = await createServer({ root: join(root, 'playground'), server: { port } })
await server.listen()
server.printUrls()
