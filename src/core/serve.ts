/** The thread's side of the first words: says hello, waits for start, and answers from then on. */
import type { Endpoint } from './endpoint.js'
import { Service, type ServiceOptions } from './service.js'

/**
 * Offers a logic at an endpoint.
 *
 * @param exposed a class, a factory function, an instance, or a promise of one of these
 * @returns ends it
 */
export function serve(endpoint: Endpoint, exposed: unknown, options?: ServiceOptions): () => void {
  const service = new Service(exposed, options)
  service.accept(endpoint, true)
  return () => service.end()
}
