import { CsvReader } from './csv'
import { FileFault } from './fault'
import { JsonReader } from './json'
import { readText } from './read-text'
import { Table } from './table'

/** How far an import is. */
export interface Progress {
  phase: 'making' | 'reading'
  /** From 0 to 1. */
  fraction: number
  /** Rows read so far. */
  rows: number
}

/** A parser that is fed the pieces of a text. */
interface Reader {
  push(piece: string): void
  end(): void
}

/**
 * Reads a JSON (array of objects) or CSV file into a {@link Table}, searchable text and all.
 * Throws {@link FileFault} for a bad file, the signal's reason when that aborts.
 */
export async function importFile(
  file: Blob,
  onProgress: (progress: Progress) => void,
  signal?: AbortSignal,
): Promise<Table> {
  const table = new Table()
  let reader: Reader | undefined
  for await (const { text, bytesRead } of readText(file, signal)) {
    reader ??= readerFor(file, text, table)
    reader.push(text)
    onProgress({ phase: 'reading', fraction: bytesRead / file.size, rows: table.entries.length })
  }
  if (!reader) throw new FileFault('The file is empty: there is nothing to read in it.')
  reader.end()
  return table
}

/** By the file's type or name where they say, else by its first character. */
function readerFor(file: Blob, text: string, table: Table): Reader {
  const hint = `${file.type} ${file instanceof File ? file.name.toLowerCase() : ''}`
  const says = /json|csv|tab-separated|\.tsv$/.exec(hint)?.[0]
  const isJson = says ? says === 'json' : /^\s*[[{]/.test(text)
  return isJson ? new JsonReader((object) => table.addObject(object)) : csvInto(table)
}

function csvInto(table: Table): Reader {
  let headed = false
  return new CsvReader((cells) => {
    if (headed) table.addCells(cells)
    else table.setHeader(cells)
    headed = true
  })
}
