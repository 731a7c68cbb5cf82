/** A start that is waited for. Ignoring its failure raises nothing. */
export class Start {
  resolve!: () => void
  reject!: (error: Error) => void
  settled = false
  readonly promise = new Promise<void>((resolve, reject) => {
    this.resolve = () => {
      this.settled = true
      resolve()
    }
    this.reject = (error) => {
      this.settled = true
      reject(error)
    }
  })

  constructor() {
    this.promise.catch(() => {})
  }
}
