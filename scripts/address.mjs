// What the README shows of the project's address: `repository` in package.json is the one place that has it. Until it is
// there, the README shows nothing that needs it. After a change: node scripts/address.mjs
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = fileURLToPath(new URL('..', import.meta.url))

/** @param {{ repository?: string | { url: string } }} manifest @returns {string | undefined} as a browser takes it */
export function addressOf({ repository }) {
  const url = typeof repository === 'string' ? repository : repository?.url
  return url?.replace(/^git\+/, '').replace(/\.git$/, '')
}

/**
 * The README with its parts between `<!-- address badges -->` and `<!-- /address -->`, which are empty if there is no
 * address.
 *
 * @param {string} readme
 * @param {string | undefined} address
 */
export function fillAddress(readme, address) {
  /** @type {Record<string, string>} */
  const parts = {
    badges: `[![npm](https://img.shields.io/npm/v/bgthread)](https://www.npmjs.com/package/bgthread) [Source](${address}) · [Issues](${address}/issues)`,
    clone: `\`\`\`sh\ngit clone ${address}.git\n\`\`\``,
  }
  return readme.replace(/(<!-- address (\w+) -->\n)[^]*?(<!-- \/address -->)/g, (_, start, name, end) =>
    [start, ...(address ? [parts[name], ''] : []), end].join('\n'),
  )
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const path = join(root, 'README.md')
  const manifest = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'))
  writeFileSync(path, fillAddress(readFileSync(path, 'utf8'), addressOf(manifest)))
}
