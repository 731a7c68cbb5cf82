/**
 * What one side can say, and the other cannot always read: very deep values. How deep depends on the platform; Firefox
 * reads any.
 */

/** @returns an object in an object in an object */
export function deep(levels: number): unknown {
  let value: unknown = 'bottom'
  for (let i = 0; i < levels; i++) value = { value }
  return value
}

/** @returns so many levels that a value is sent here and not read */
export async function findUnreadable(): Promise<number> {
  for (let levels = 1_000; levels < 20_000; levels += 250)
    if (!(await isRead(deep(levels)))) return levels + 250
  throw new Error('every value can be read here')
}

async function isRead(value: unknown): Promise<boolean> {
  const { port1, port2 } = new MessageChannel()
  try {
    return await new Promise((tell) => {
      port2.addEventListener('message', ({ data }) => tell(data !== null))
      port2.addEventListener('messageerror', () => tell(false))
      port2.start()
      port1.postMessage(value)
    })
  } finally {
    port1.close()
    port2.close()
  }
}
