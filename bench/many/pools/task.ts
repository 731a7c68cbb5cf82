/** What the threads of every pool do. */

/** What a task gives: which it was, and which thread did it. */
export interface Done {
  task: number
  thread: number
}

const thread = Math.random()

/** Keeps the thread busy for `ms`. */
export function work(task: number, ms: number): Done {
  const end = performance.now() + ms
  while (performance.now() < end);
  return { task, thread }
}
