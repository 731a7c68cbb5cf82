import { describe, expect, it } from 'vitest'
import { findEncoding, readText } from '../../playground/logic/read-text'

const SLICE = 2 << 20

async function textOf(...parts: BlobPart[]): Promise<string> {
  let all = ''
  for await (const { text } of readText(new Blob(parts))) all += text
  return all
}

describe('readText', () => {
  it('keeps a character whole that a slice cuts in two', async () => {
    const text = 'x'.repeat(SLICE - 1) + '€ and more'
    expect(await textOf(text)).toBe(text)
  })

  it('drops the byte order mark, and reads UTF-16 by it', async () => {
    expect(await textOf('\ufeffäb')).toBe('äb')
    const utf16 = Uint8Array.of(0xff, 0xfe, 0xe4, 0, 0x62, 0)
    expect(await textOf(utf16)).toBe('äb')
  })

  it('takes bytes that cannot be UTF-8 for Windows-1252', async () => {
    expect(await textOf(Uint8Array.of(0x42, 0xf6, 0x21))).toBe('Bö!')
    expect(findEncoding(new TextEncoder().encode('Bö'))).toBe('utf-8')
  })

  it('ends with the reason of the signal', async () => {
    const stop = new AbortController()
    const pieces = readText(new Blob(['x'.repeat(SLICE + 1)]), stop.signal)
    expect((await pieces.next()).value?.bytesRead).toBe(SLICE)
    stop.abort('enough')
    await expect(pieces.next()).rejects.toBe('enough')
  })
})
