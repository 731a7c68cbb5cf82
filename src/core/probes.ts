/** Names that objects are asked for by others than their users. */

/** Asked of any object by `await`, consoles, test frameworks and the DOM; none of it may become a call. */
export const PROBES: ReadonlySet<string> = new Set(
  'constructor then toJSON toString valueOf asymmetricMatch nodeType tagName'.split(' '),
)
