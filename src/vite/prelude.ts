/**
 * Makes relative URLs mean in the worker what they mean on the page. It is not called here: its text goes into
 * the worker's code, so it may use nothing from outside itself.
 *
 * A worker's own base is its script. For an inline worker that is a `blob:` URL, against which nothing resolves:
 * `fetch('/api')` throws.
 *
 * @param page the page's base URL.
 */
export function resolveAgainstPage(page: string): void {
  const absolute = (url: unknown) => {
    try {
      return typeof url === 'string' ? new URL(url, page).href : url
    } catch {
      return url
    }
  }
  self.fetch = new Proxy(self.fetch, {
    apply: (fetch, self, [url, ...rest]) => Reflect.apply(fetch, self, [absolute(url), ...rest]),
  })
  for (const name of ['Request', 'EventSource', 'WebSocket', 'Worker'] as const) {
    const constructor: object | undefined = self[name]
    if (!constructor) continue
    const value = new Proxy(constructor, {
      construct: (type, [url, ...rest], target) =>
        Reflect.construct(type as () => void, [absolute(url), ...rest], target),
    })
    Object.assign(self, { [name]: value })
  }
  const request = XMLHttpRequest.prototype
  request.open = new Proxy(request.open, {
    apply: (open, self, [method, url, ...rest]) =>
      Reflect.apply(open, self, [method, absolute(url), ...rest]),
  })
}
