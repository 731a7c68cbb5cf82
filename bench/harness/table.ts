import { isCannot } from './measure.js'
import type { GoalResult, Row } from './results.js'

/** A number with three digits. */
export const digits = (value: number) =>
  value >= 1000 ? Math.round(value).toLocaleString('en') : String(Number(value.toPrecision(3)))

/** Prints what each contender has, the best first. */
export function printTable({ id, title, unit, better, results }: Row): void {
  console.log(`${id}: ${title}, ${unit}`)
  const sign = better === 'lower' ? 1 : -1
  const raw = results['raw']
  const lines = Object.entries(results).sort(([, a], [, b]) =>
    isCannot(a) || isCannot(b) ? Number(isCannot(a)) - Number(isCannot(b)) : sign * (a.median - b.median),
  )
  for (const [name, result] of lines) {
    const start = `  ${name.padEnd(22)}`
    if (isCannot(result)) {
      console.log(`${start}${'–'.padStart(9)}  ${result.cannot}`)
      continue
    }
    const spread = `${digits(result.min)} … ${digits(result.max)}`.padEnd(20)
    const ratio = raw && !isCannot(raw) && raw.median > 0 ? `${digits(result.median / raw.median)} × raw` : ''
    console.log(`${start}${digits(result.median).padStart(9)}  ${spread}  ${ratio}`)
  }
}

/** Prints the goals whose rows were measured. */
export function printGoals(goals: readonly GoalResult[]): void {
  const measured = goals.filter(({ value }) => value !== undefined)
  if (measured.length === 0) return
  console.log(`\n${measured.filter(({ met }) => met).length} of ${measured.length} goals are met`)
  for (const { title, against, goal, value = 0, met } of measured) {
    const compared = against === 'limit' ? '' : `, against ${against}`
    console.log(
      `  ${met ? 'met   ' : 'MISSED'}  ${digits(value).padStart(7)}  of ${digits(goal)}  ${title}${compared}`,
    )
  }
}
