import { parseModule, unwrap, type Node } from './walk.js'

/** A place in the start function of one module that awaits the start of another one. */
interface Wait {
  /** The names of the two start functions. */
  by: string
  of: string
  /** Where the call of the second one begins and ends in the code. */
  start: number
  end: number
}

/**
 * Starts modules that import each other in a circle as the platform does: none of them awaits one that awaits it.
 *
 * Rolldown puts each module that an `import()` in the same chunk leads to, and all that such a module imports, into a
 * function that starts it once. If one of them awaits at top level, those that import it await its start, in a circle
 * each other's: none of them ever starts (rolldown/rolldown#9548). Code is added only if there is such a circle, and
 * no line moves.
 *
 * @param code a chunk as Rolldown writes it, not yet minified.
 */
export function openCircles(code: string): string {
  if (!/\bawait init_/.test(code)) return code
  const waits = findWaits(parseModule(code))
  const inCircle = waits.filter(({ by, of }) => leads(of, by, waits))
  if (!inCircle.length) return code
  let opened = code
  for (const { by, of, start, end } of inCircle.reverse())
    opened = `${opened.slice(0, start)}${awaitStart.name}(${by}, ${of})${opened.slice(end)}`
  return `const __bgthreadWaits = new Map(); ${String(awaitStart).replace(/\n\s*/g, ' ')} ${opened}`
}

declare const __bgthreadWaits: Map<() => unknown, () => unknown>

/** Awaits the start of a module, unless that awaits the caller's. It is not called here: its text goes into a chunk. */
async function awaitStart(by: () => unknown, of: () => unknown): Promise<void> {
  for (let next: (() => unknown) | undefined = of; next; next = __bgthreadWaits.get(next))
    if (next === by) return
  __bgthreadWaits.set(by, of)
  try {
    await of()
  } finally {
    __bgthreadWaits.delete(by)
  }
}

function findWaits(program: Node): Wait[] {
  const waits: Wait[] = []
  if (program.type !== 'Program') return waits
  for (const statement of program.body) {
    if (statement.type !== 'VariableDeclaration') continue
    for (const { id, init } of statement.declarations) {
      if (id.type !== 'Identifier') continue
      for (const awaited of awaitedBy(init)) waits.push({ by: id.name, ...awaited })
    }
  }
  return waits
}

/** The starts that the start of a module awaits, `__esmMin(async () => { await init_db(); … })`. */
function awaitedBy(start: Node | null): Omit<Wait, 'by'>[] {
  const body = start?.type === 'CallExpression' && start.arguments[0] && unwrap(start.arguments[0])
  if (!body || body.type !== 'ArrowFunctionExpression' || !body.async) return []
  if (body.body.type !== 'BlockStatement') return []
  return body.body.body.flatMap((statement) => {
    if (statement.type !== 'ExpressionStatement' || statement.expression.type !== 'AwaitExpression') return []
    const call = statement.expression.argument
    if (call.type !== 'CallExpression' || call.callee.type !== 'Identifier') return []
    const { name } = call.callee
    return name.startsWith('init_') && !call.arguments.length
      ? [{ of: name, start: call.start, end: call.end }]
      : []
  })
}

/** Whether one start awaits another one, at first or second hand. */
function leads(from: string, to: string, waits: readonly Wait[]): boolean {
  const reached = new Set([from])
  for (const name of reached) for (const { by, of } of waits) if (by === name) reached.add(of)
  return reached.has(to)
}
