import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { FileFault } from '../../playground/logic/fault'
import { type JsonObject, JsonReader } from '../../playground/logic/json'
import { findJsonFault } from '../../playground/logic/json-fault'

/** The objects of a text that is read in pieces of `size` characters. */
function read(text: string, size = text.length || 1): JsonObject[] {
  const objects: JsonObject[] = []
  const json = new JsonReader((object) => objects.push(object))
  for (let at = 0; at < text.length; at += size) json.push(text.slice(at, at + size))
  json.end()
  return objects
}

function faultOf(text: string, size?: number): FileFault {
  try {
    read(text, size)
  } catch (error) {
    if (error instanceof FileFault) return error
    throw error
  }
  throw new Error('there was no fault')
}

describe('JsonReader', () => {
  it('reads any array of objects, whatever the size of the pieces', () => {
    const objects = fc.array(fc.dictionary(fc.string(), fc.jsonValue({ maxDepth: 3 })), { maxLength: 6 })
    fc.assert(
      fc.property(objects, fc.integer({ min: 1, max: 9 }), fc.constantFrom(0, 2), (list, size, indent) => {
        const text = JSON.stringify(list, null, indent)
        expect(read(text, size)).toEqual(JSON.parse(text))
      }),
      { numRuns: 300 },
    )
  })

  it('is not misled by brackets, commas and quotes inside strings', () => {
    const list = [{ a: '},{"' }, { 'b]': '\\' }, { c: '"\\"', d: [['[', { e: ',' }]] }]
    for (const size of [1, 3, 7, 1000]) expect(read(JSON.stringify(list), size)).toEqual(list)
  })

  const faults: [text: string, line: number, column: number, message: RegExp][] = [
    ['[\n  {"a": 1},\n  {"a": }\n]', 3, 9, /value is missing before \}/],
    ['[\n  {"a": 1}\n  {"a": 2}\n]', 3, 3, /comma or \] was expected, not \{/],
    ['[{"a": 1},\n]', 2, 1, /value is missing before \]/],
    ['[,{"a": 1}]', 1, 2, /value is missing before ,/],
    ['[{"a": 1},\n{"b": 2}, {b: 3}]', 2, 12, /name in double quotes was expected, not b/],
    ['[{"a": "x}]\n', 1, 12, /line break inside a string/],
    ['[{"a": "\u0010"}]', 1, 9, /control character/],
    ['[{"a": 1}, {"b": "x', 1, 18, /string is never closed/],
    ['[{"a": 1}, {"b": 2}', 1, 20, /comma or \] was expected, but the file ends/],
    ['[{"a": 1}},', 1, 10, /comma or \] was expected, not \}/],
    ['[{"a": 1}]\n[]', 2, 1, /Nothing may follow/],
    ['[{"a": 1},\r\n{"a": 01}]', 2, 7, /01 is no value/],
    ['[{"a": 1}, 7, {}]', 1, 12, /must be an object/],
    ['[{"a": "],,"}, [1, {}], {}]', 1, 16, /must be an object/],
    ['  {"a": 1}', 1, 3, /must be an array of objects/],
  ]
  it.each(faults)('names the place of the fault in %j', (text, line, column, message) => {
    for (const size of [1, 4, 1000]) {
      const fault = faultOf(text, size)
      expect(fault.message).toMatch(message)
      expect(fault.place).toMatchObject({ line, column })
    }
  })

  it('shows a piece of a very long line around the fault', () => {
    const text = `[${'{"a":1},'.repeat(5000)}{"a":!}]`
    const { place } = faultOf(text, 1000)
    expect(place!.column).toBe(text.indexOf('!') + 1)
    expect(place!.excerpt.length).toBeLessThanOrEqual(80)
    expect(place!.excerpt[place!.mark]).toBe('!')
  })

  it('says that an empty file is empty', () => {
    expect(faultOf(' \n ').message).toMatch(/empty/)
  })
})

describe('findJsonFault', () => {
  it('finds a fault exactly where JSON.parse does not read the text', () => {
    const broken = fc
      .tuple(
        fc.json({ maxDepth: 3 }),
        fc.nat(),
        fc.constantFrom('', ',', '"', '}', ']', '{', '[', ':', '1', '-', '.', '\\', ' ', '\n', 'e', 'u'),
      )
      .map(([text, at, mark]) => {
        const cut = at % (text.length + 1)
        return text.slice(0, cut) + mark + text.slice(cut + (mark === '' ? 1 : 0))
      })
    fc.assert(
      fc.property(broken, (text) => {
        let valid = true
        try {
          JSON.parse(text)
        } catch {
          valid = false
        }
        expect(findJsonFault(text) === undefined).toBe(valid)
      }),
      { numRuns: 3000 },
    )
  })
})
