/** Random names, that nothing else has by chance. They are addresses, not keys: who learns one can use it. */

/** What every token begins with. */
export const TOKEN_START = 'bgthread:'

/** A text that no honest side sends is not looked at any further. */
const LONGEST_TOKEN = 64

/** Another side has sent it, so that it may be anything. */
export const isToken = (value: unknown): value is string =>
  typeof value === 'string' && value.length <= LONGEST_TOKEN && value.startsWith(TOKEN_START)

/** First slot of the messages of one connection: those without it are not for us. */
export function makeToken(): string {
  return TOKEN_START + Array.from(crypto.getRandomValues(new Uint32Array(4)), (n) => n.toString(36)).join('')
}
