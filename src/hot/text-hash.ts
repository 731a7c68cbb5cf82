/** A number that is another one where a text is: the plugin and the code in the worker make the same. */
export function textHash(text: string): number {
  let a = 0x9e3779b1
  let b = 0x85ebca6b
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i)
    a = Math.imul(a ^ code, 0x5bd1e995)
    b = Math.imul(b ^ code, 0x27d4eb2d) ^ (b >>> 15)
  }
  return (a >>> 0) * 0x100000 + (b >>> 12)
}
