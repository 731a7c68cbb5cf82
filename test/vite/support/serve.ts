import { readFile } from 'node:fs/promises'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { extname, join } from 'node:path'

/** Something that answers at a URL until it is closed. */
export interface Site {
  url: string
  close(): Promise<void>
}

const types: Record<string, string> = {
  '.html': 'text/html',
  '.js': 'text/javascript',
  '.json': 'application/json',
  '.txt': 'text/plain',
  '.wasm': 'application/wasm',
}

/**
 * Serves a folder below a path, and nothing beside it. What is asked for with `?policy=…` comes
 * with that Content Security Policy.
 */
export async function serveFolder(folder: string, base: string): Promise<Site> {
  const server = createServer(async (request, response) => {
    const { pathname, searchParams } = new URL(request.url ?? '/', 'http://localhost')
    const name = pathname.startsWith(base) ? pathname.slice(base.length) || 'index.html' : 'outside'
    const content = await readFile(join(folder, name)).catch(() => undefined)
    if (!content) return void response.writeHead(404).end()
    const policy = searchParams.get('policy')
    if (policy) response.setHeader('content-security-policy', policy)
    response.writeHead(200, { 'content-type': types[extname(name)] ?? 'text/css' }).end(content)
  })
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening))
  const { port } = server.address() as AddressInfo
  return {
    url: `http://127.0.0.1:${port}${base}`,
    close: () => new Promise((closed) => server.close(() => closed())),
  }
}
