/** What the smallest app has in its thread: a function to call, and a number that changes. */
export const hello = {
  greet: (name: string) => `Hello, ${name}!`,

  watchCount(next: (count: number) => void) {
    let count = 0
    setInterval(() => next(++count), 1000)
  },
}
