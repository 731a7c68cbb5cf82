/** What a worker is told of its page. */
export interface PageUrls {
  /** What relative URLs are relative to: the page's base URL. */
  page: string
  /** The URL of the page's document. If it is missing, it is `page`. */
  location?: string
  /** The URL that the code of an inline worker would have as a file. */
  file?: string
  /** Resolves the path of an `import()`, for the code of an inline worker. */
  resolve?: (path: unknown) => unknown
}

/**
 * Makes URLs mean in the worker what they mean on the page: relative ones resolve against the page, and `location` is
 * the page's, as it is when the worker starts. It is not called here: its text goes into the worker's code, so it may
 * use nothing from outside itself.
 *
 * A worker's own base and location are its script. For an inline worker that is a `blob:` URL, against which nothing
 * resolves: `fetch('/api')` and `new URL('/api', location.href)` throw.
 */
export function actAsPage(urls: PageUrls): void {
  const { page, location = page, file } = urls
  const absolute = (url: unknown): unknown => {
    try {
      if (typeof url === 'string') return new URL(url, page).href
    } catch {
      return url
    }
    return Array.isArray(url) ? url.map(absolute) : url
  }
  const first = (target: object | undefined, ...names: string[]) => {
    for (const name of names) {
      const method = target && (Reflect.get(target, name) as (() => void) | undefined)
      if (!method) continue
      const value = new Proxy(method, {
        apply: (method, self, [url, ...rest]) => Reflect.apply(method, self, [absolute(url), ...rest]),
        construct: (type, [url, ...rest], target) =>
          Reflect.construct(type, [absolute(url), ...rest], target),
      })
      Object.assign(target, { [name]: value })
    }
  }
  first(self, 'fetch', 'Request', 'EventSource', 'WebSocket', 'Worker')
  first(Response, 'redirect')
  first(self.CacheStorage?.prototype, 'match')
  first(self.Cache?.prototype, 'add', 'addAll', 'delete', 'keys', 'match', 'matchAll', 'put')
  const request = XMLHttpRequest.prototype
  request.open = new Proxy(request.open, {
    apply: (open, self, [method, url, ...rest]) =>
      Reflect.apply(open, self, [method, absolute(url), ...rest]),
  })
  urls.resolve = (path) => (/^\.{0,2}\//.test(String(path)) ? new URL(String(path), file).href : path)

  const { href, origin, protocol, host, hostname, port, pathname, search, hash } = new URL(location)
  const parts = { href, origin, protocol, host, hostname, port, pathname, search, hash, toString: () => href }
  Object.defineProperty(self, 'location', {
    // Of its class, and read only.
    value: Object.freeze(
      Object.create(Object.getPrototypeOf(self.location) as object, Object.getOwnPropertyDescriptors(parts)),
    ),
    configurable: true,
    enumerable: true,
  })
}
