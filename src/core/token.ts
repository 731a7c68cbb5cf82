/** Names that no other page, frame or library can guess. */

/** What every token begins with. */
export const TOKEN_START = 'bgthread:'

/** First slot of the messages of one connection: those without it are not for us. */
export function makeToken(): string {
  return TOKEN_START + Array.from(crypto.getRandomValues(new Uint32Array(4)), (n) => n.toString(36)).join('')
}
