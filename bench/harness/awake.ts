import { spawn } from 'node:child_process'
import { availableParallelism, constants, setPriority } from 'node:os'

// It ends with the bench, however that ends.
const program = 'const parent = process.ppid; while (process.ppid === parent) for (let i = 0; i < 1e8; i++);'

/**
 * Keeps every core awake with a program of the lowest priority until the function it gives is called. A message to a
 * thread whose core sleeps takes 100 µs instead of 20, by chance.
 */
export function keepAwake(): () => void {
  const programs = Array.from({ length: availableParallelism() }, () => {
    const child = spawn(process.execPath, ['-e', program], { stdio: 'ignore' })
    if (child.pid !== undefined) setPriority(child.pid, constants.priority.PRIORITY_LOW)
    return child
  })
  return () => {
    for (const child of programs) child.kill('SIGKILL')
  }
}
