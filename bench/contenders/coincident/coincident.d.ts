// The package has no types of its own.
declare module 'coincident/main' {
  export default function coincident(): {
    Worker: new (url: string, options?: WorkerOptions) => Worker & { proxy: object }
  }
}
declare module 'coincident/worker' {
  export default function coincident(): Promise<{ proxy: object }>
}
