import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { buildPage } from '../harness/build.js'
import type { Measure } from '../harness/measure.js'

const folder = fileURLToPath(new URL('./', import.meta.url))

/**
 * What the measures of one kind share: their contenders, one for each folder beside the kind's index.ts, and the pages
 * of these, which are built once.
 */
export function pagesOf(
  kind: string,
  contenders: readonly string[],
): Required<Pick<Measure, 'contenders' | 'page' | 'prepare'>> {
  const page = (contender: string) => `many/${kind}/${contender}/`
  const built = new Set<string>()
  return {
    contenders,
    page,
    async prepare(builder, wanted) {
      for (const contender of wanted) {
        if (built.has(contender)) continue
        built.add(contender)
        await buildPage(builder, folder, join(folder, kind, contender), page(contender))
      }
    },
  }
}
