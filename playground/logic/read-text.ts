/** How much of a file is read and parsed between two looks at the rest of the world. In bytes. */
const SLICE = 2 << 20

/** A piece of a file's text, and how many of the file's bytes have been read with it. */
export interface Piece {
  text: string
  bytesRead: number
}

/**
 * Reads a file as text in slices of 2 MB, so that a file of any size needs little memory at once.
 * A byte order mark says which Unicode it is; without one it is UTF-8, or Windows-1252 where it cannot be UTF-8.
 * Rejects with the signal's reason once that has aborted.
 *
 * @example for await (const { text } of readText(file)) parser.push(text)
 */
export async function* readText(file: Blob, signal?: AbortSignal): AsyncGenerator<Piece, void, undefined> {
  let decoder: TextDecoder | undefined
  for (let from = 0; from < file.size; from += SLICE) {
    signal?.throwIfAborted()
    const to = Math.min(from + SLICE, file.size)
    const bytes = await file.slice(from, to).arrayBuffer()
    decoder ??= new TextDecoder(findEncoding(new Uint8Array(bytes)))
    signal?.throwIfAborted()
    yield { text: decoder.decode(bytes, { stream: to < file.size }), bytesRead: to }
  }
}

/** The encoding of a text by its first bytes, as a label that `TextDecoder` takes. */
export function findEncoding(bytes: Uint8Array): 'utf-8' | 'utf-16le' | 'utf-16be' | 'windows-1252' {
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return 'utf-16le'
  if (bytes[0] === 0xfe && bytes[1] === 0xff) return 'utf-16be'
  try {
    // As a stream: a character that the end of the slice cuts in two is no fault.
    new TextDecoder('utf-8', { fatal: true }).decode(bytes, { stream: true })
    return 'utf-8'
  } catch {
    return 'windows-1252'
  }
}
