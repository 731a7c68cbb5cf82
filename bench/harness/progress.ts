/** Says where a long run is. */
export interface Progress {
  /** A measure begins. */
  begin(id: string): void
  /** What is done now: on a terminal one line that the next one replaces, elsewhere a line a minute. */
  say(text: string): void
  /** The measure is done. */
  end(): void
}

const minute = 60_000

/** The progress of so many measures, on the standard output. */
export function createProgress(count: number): Progress {
  const out = process.stdout
  const start = Date.now()
  let spoken = start
  let done = 0
  let id = ''
  const where = () => `[${done + 1}/${count}] ${id && `${id}: `}`
  const elapsed = () => `${((Date.now() - start) / minute).toFixed(1)} min`
  return {
    begin(next) {
      id = next
    },
    say(text) {
      if (out.isTTY) out.write(`\r\x1b[2K${where()}${text}`)
      else if (Date.now() > spoken + minute) {
        spoken = Date.now()
        console.log(`${where()}${text}, ${elapsed()}`)
      }
    },
    end() {
      if (out.isTTY) out.write('\r\x1b[2K')
      console.log(`\n${where().trimEnd()} ${elapsed()}`)
      done++
      spoken = Date.now()
    },
  }
}
