/** How long a test waits for what it waits for: machines are slow at times, and a time is no promise here. */
import { vi } from 'vitest'

const { waitFor } = vi
vi.waitFor = (callback, options) =>
  waitFor(callback, typeof options === 'object' ? { timeout: 10_000, ...options } : (options ?? 10_000))
