import type { Node } from './walk.js'

const languages = 'css|less|sass|scss|styl|stylus|pcss|postcss|sss'

/** What Vite takes for CSS. */
export const styleFilter = new RegExp(`\\.(?:${languages})(?:$|\\?)`)

/** Code in which {@link stylesOf} may find something, and what a development server makes of CSS. */
export const styledCode = new RegExp(`\\.(?:${languages})(?:\\?[^'"]*)?['"]|__vite__updateStyle\\(`)

/** Whether an import is of CSS that goes into the page, and not of its text, its URL or a worker. */
export const isStyle = (specifier: string) =>
  styleFilter.test(specifier) && !/[?&](?:inline|raw|url|worker|sharedworker)\b/.test(specifier)

/** Whether CSS has class names to give: a CSS module. */
export const hasClassNames = (specifier: string) =>
  new RegExp(`\\.module${styleFilter.source}`).test(specifier)

/** What is said of CSS that a thread imports. `importer` is relative to the root, `style` as it is imported. */
export const explainStyle = (importer: string, style: string) =>
  `${importer} imports ${style}: a thread has no page to style; import it in a component`

/** The CSS that a module imports, as it names it. */
export function stylesOf(program: Node): string[] {
  if (program.type !== 'Program') return []
  return program.body.flatMap((statement) =>
    statement.type === 'ImportDeclaration' && isStyle(statement.source.value) ? [statement.source.value] : [],
  )
}

/**
 * Has the JavaScript that Vite's development server makes of CSS do nothing where there is no document. Page and
 * thread share that module, and a thread would fail with it: `document is not defined`.
 */
export function styleOnPagesOnly(code: string): string {
  // A call on a line of its own, and one in a handler.
  return code.replace(
    /^(|import\.meta\.hot\.prune\(\(\) => )(?=__vite__(?:update|remove)Style\()/gm,
    '$1globalThis.document && ',
  )
}

/** Has a module that imports CSS say so where there is no document. */
export function warnInThreads(code: string, importer: string, styles: readonly string[]): string {
  const texts = styles.map((style) => JSON.stringify(`bgthread: ${explainStyle(importer, style)}`))
  return `${code}\n;globalThis.document || [${texts.join()}].forEach((text) => console.warn(text));`
}
