import { measures } from '../measures/index.js'
import type { Measure } from './measure.js'
import type { Options } from './options.mjs'

/** A measure, and who takes part in it. */
export interface Part {
  measure: Measure
  contenders: string[]
}

/**
 * The wanted measures with the wanted contenders.
 *
 * @param known every contender there is
 * @throws Error where a name is unknown, or no wanted measure has that contender
 */
export function choose({ bench, only }: Pick<Options, 'bench' | 'only'>, known: readonly string[]): Part[] {
  const fits = ({ id }: Measure) => bench.length === 0 || bench.some((start) => id.startsWith(start))
  const all = measures
    .filter(fits)
    .map((measure) => ({ measure, contenders: [...(measure.contenders ?? known)] }))
  const noMeasure = bench.find((start) => !measures.some(({ id }) => id.startsWith(start)))
  if (noMeasure) {
    const ids = measures.map(({ id }) => id).join(', ')
    throw new Error(`There is no measure whose id begins with '${noMeasure}': there are ${ids}.`)
  }
  const noContender = only.find((name) => !all.some(({ contenders }) => contenders.includes(name)))
  if (noContender) {
    const names = [...new Set(all.flatMap(({ contenders }) => contenders))].join(', ')
    throw new Error(`There is no contender '${noContender}' here: there are ${names}.`)
  }
  if (only.length === 0) return all
  return all
    .map(({ measure, contenders }) => ({
      measure,
      contenders: contenders.filter((name) => only.includes(name)),
    }))
    .filter(({ contenders }) => contenders.length > 0)
}
