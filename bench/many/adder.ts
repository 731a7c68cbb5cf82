/** What is called where the way there and back is measured: as little as can be. */
export const add = (a: number, b: number) => a + b

/** `add`, wherever it runs. */
export type Add = (a: number, b: number) => PromiseLike<number>
