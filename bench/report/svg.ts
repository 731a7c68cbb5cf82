/** SVG as text: elements, and the look that all pictures share. */

type Attributes = Record<string, string | number | undefined>

/** An element. Numbers are rounded to a tenth of a pixel. */
export function element(name: string, attributes: Attributes, ...children: string[]): string {
  const written = Object.entries(attributes).flatMap(([key, value]) =>
    value === undefined ? [] : [` ${key}="${typeof value === 'number' ? round(value) : escape(value)}"`],
  )
  const start = `<${name}${written.join('')}`
  return children.length === 0 ? `${start}/>` : `${start}>${children.join('')}</${name}>`
}

/** A line of text at its baseline. */
export const text = (x: number, y: number, content: string, attributes: Attributes = {}) =>
  element('text', { x, y, ...attributes }, escape(content))

/** A straight line. */
export const line = (x1: number, y1: number, x2: number, y2: number, kind: string) =>
  element('line', { x1, y1, x2, y2, class: kind })

/** Moves what is drawn. */
export const at = (x: number, y: number, ...children: string[]) =>
  element('g', { transform: `translate(${round(x)} ${round(y)})` }, `\n${children.join('\n')}\n`)

/** A picture with a background of its own, since nobody knows what it is shown on. Light or dark as the reader has it. */
export function picture(width: number, height: number, title: string, ...children: string[]): string {
  return `${element(
    'svg',
    {
      xmlns: 'http://www.w3.org/2000/svg',
      viewBox: `0 0 ${round(width)} ${round(height)}`,
      width,
      height,
      role: 'img',
      'aria-label': title,
    },
    `\n<style>${STYLE}</style>\n`,
    element('rect', { width, height, rx: 8, class: 'paper' }),
    `\n${children.join('\n')}\n`,
  )}\n`
}

const round = (value: number) => String(Math.round(value * 10) / 10)

const escape = (content: string) =>
  content.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('"', '&quot;')

/** Blue and orange can be told apart by nearly everybody; in grey, what is only company. */
const STYLE = `
svg { --paper: #fff; --ink: #1f2328; --soft: #59636e; --rule: #e4e8ec; --own: #0969da; --peer: #8c959f; --known: #bc4c00 }
@media (prefers-color-scheme: dark) {
  svg { --paper: #0d1117; --ink: #f0f6fc; --soft: #9198a1; --rule: #262c36; --own: #58a6ff; --peer: #6e7681; --known: #f0883e }
}
.paper { fill: var(--paper) }
text { font: 12px system-ui, -apple-system, 'Segoe UI', sans-serif; fill: var(--ink) }
.title { font-size: 16px; font-weight: 600 }
.heading { font-size: 13px; font-weight: 600 }
.note { font-size: 11px; fill: var(--soft) }
.right { text-anchor: end }
.middle { text-anchor: middle }
.rule { stroke: var(--rule) }
.axis { stroke: var(--peer) }
.leader { stroke: var(--peer); stroke-dasharray: 1 3 }
.own { --color: var(--own) }
.raw { --color: var(--ink) }
.known { --color: var(--known) }
.peer { --color: var(--peer) }
.dot, .bar { fill: var(--color) }
.ring { fill: none; stroke: var(--color); stroke-width: 1.5 }
.spread { stroke: var(--color); stroke-width: 1.5; opacity: .6 }
.curve { fill: none; stroke: var(--color); stroke-width: 1.5 }
.own .curve { stroke-width: 2.5 }
.dashed .curve { stroke-dasharray: 5 4 }
text.own { fill: var(--own); font-weight: 600 }
text.known { fill: var(--known) }
text.peer { fill: var(--soft) }
.halo { paint-order: stroke; stroke: var(--paper); stroke-width: 4px }
`
