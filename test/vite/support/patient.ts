/** How long a poll waits for what a busy machine may be slow to do. */
export const patient = { timeout: 15_000 }
