/** The logic that a worker is built with: one of logics/, a `FaultLogic`. */
declare module 'virtual:logic' {
  const Logic: new () => object
  export default Logic
}

/** The code of a subject's worker.ts, built with each of logics/, by the logic's name. */
declare module 'virtual:workers' {
  const workers: Readonly<Record<string, string>>
  export default workers
}

/** The subject's page.ts. Its default export is a `Subject`. */
declare module 'virtual:subject' {
  const subject: object
  export default subject
}
