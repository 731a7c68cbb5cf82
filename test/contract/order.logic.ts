/** What has happened, in its order; the base of the other parts, which write down here what they do. */
export class OrderLogic {
  #log: string[] = []
  #gates = new Map<string, () => void>()

  log(entry: string) {
    this.#log.push(entry)
    return this.#log.length
  }
  readLog() {
    return this.#log
  }
  async wait(name: string) {
    this.#log.push(`begin ${name}`)
    await new Promise<void>((open) => this.#gates.set(name, open))
    this.#log.push(`end ${name}`)
    return name
  }
  open(name: string) {
    this.#gates.get(name)?.()
  }
  work(milliseconds: number) {
    const end = performance.now() + milliseconds
    while (performance.now() < end);
    return milliseconds
  }
}
