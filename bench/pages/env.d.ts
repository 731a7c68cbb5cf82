/** The code of the contender's worker.ts, built. */
declare module 'virtual:worker' {
  const code: string
  export default code
}

/** The contender's page.ts. Its default export is a `Contender`. */
declare module 'virtual:page' {
  const contender: object
  export default contender
}
