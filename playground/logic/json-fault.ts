/** What is wrong with a JSON text, and at which character. */
export interface JsonFault {
  offset: number
  message: string
}

const NUMBER = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?/y
const BLANK = /[ \t\n\r]*/y
const WORD = /[\w.+-]+/y

/**
 * Finds the first fault of a JSON text, or `undefined` where there is none. Slower than `JSON.parse` and builds
 * nothing: it is asked only once that has failed, because the engines word and place their errors differently.
 *
 * @example findJsonFault('[1, 2,]') // { offset: 6, message: 'A value is missing before ].' }
 */
export function findJsonFault(text: string): JsonFault | undefined {
  const open: ('[' | '{')[] = []
  let at = 0
  const skipBlank = () => {
    at = endOf(BLANK, text, at)
  }
  const fault = (message: string, offset = at): JsonFault => ({ offset, message })

  /** Reads a string from its opening quote. */
  const readString = (): JsonFault | undefined => {
    const start = at++
    for (; at < text.length; at++) {
      const code = text.charCodeAt(at)
      if (code === 34) {
        at++
        return undefined
      }
      if (code < 32)
        return fault(
          code === 10 || code === 13
            ? 'A line break inside a string.'
            : 'A control character inside a string.',
        )
      if (code !== 92) continue
      at++
      if (text[at] === 'u') {
        if (!/^[\da-fA-F]{4}$/.test(text.slice(at + 1, at + 5)))
          return fault('\\u wants four hex digits.', at - 1)
        at += 4
      } else if (at < text.length && !'"\\/bfnrt'.includes(text[at]!)) {
        return fault(`\\${text[at]} is no escape that JSON knows.`, at - 1)
      }
    }
    return fault('This string is never closed.', start)
  }

  /** Reads a name and its colon. */
  const readName = (): JsonFault | undefined => {
    skipBlank()
    if (text[at] !== '"') return fault(`A name in double quotes was expected${found()}.`)
    const inName = readString()
    if (inName) return inName
    skipBlank()
    if (text[at] !== ':') return fault(`A colon was expected after the name${found()}.`)
    at++
    return undefined
  }

  const found = () => (at >= text.length ? ', but the file ends' : `, not ${text[at]}`)

  for (;;) {
    skipBlank()
    const mark = text[at]
    if (mark === '{' || mark === '[') {
      at++
      skipBlank()
      if (text[at] === (mark === '{' ? '}' : ']')) {
        at++
      } else {
        open.push(mark)
        const inName = mark === '{' ? readName() : undefined
        if (inName) return inName
        continue
      }
    } else if (mark === '"') {
      const inString = readString()
      if (inString) return inString
    } else if (mark === undefined) {
      return fault('A value was expected, but the file ends.')
    } else if (mark === ']' || mark === '}' || mark === ',') {
      return fault(`A value is missing before ${mark}`)
    } else {
      const end = endOf(WORD, text, at)
      const word = text.slice(at, end)
      const isValue = word === 'true' || word === 'false' || word === 'null'
      if (!isValue && (word === '' || endOf(NUMBER, text, at) !== end)) {
        return fault(`${word || mark} is no value that JSON knows.`)
      }
      at = end
    }

    // A value has ended: close what closes here, then go on with the next value.
    for (;;) {
      skipBlank()
      const inside = open.at(-1)
      if (!inside) return at < text.length ? fault('Nothing may follow the end.') : undefined
      const closing = inside === '{' ? '}' : ']'
      if (text[at] === ',') {
        at++
        const inName = inside === '{' ? readName() : undefined
        if (inName) return inName
        break
      }
      if (text[at] !== closing) return fault(`A comma or ${closing} was expected${found()}.`)
      at++
      open.pop()
    }
  }
}

function endOf(pattern: RegExp, text: string, at: number): number {
  pattern.lastIndex = at
  return pattern.test(text) ? pattern.lastIndex : at
}
