/** What the plugin says of code that it cannot do as it is asked. A `place` is a file and a line. */
import { styleText } from 'node:util'
import type { Call } from './calls.js'

/** Of a load whose logic cannot be seen. */
export function explainLoad({ name, load }: Call, place: string): string {
  const problem =
    load.kind === 'unknown-path'
      ? `cannot tell which module goes into the thread, because the path of its import() is not a plain string`
      : `loads a module in a form that the plugin does not see through, so it would run on the page's thread`
  return (
    `${place}: ${name}() ${problem}. Write ${name}(() => import('./logic')) ` +
    `or ${name}(() => import('./logic').then((m) => m.Logic)), and one call for each module.`
  )
}

/** Of a `shared` or an `inline` that is no literal. */
export const explainUnknown = ({ name }: Call, key: 'shared' | 'inline', place: string) =>
  `${place}: ${name}() cannot tell whether ` +
  (key === 'shared' ? 'tabs are to share this thread' : `the worker's code goes into the page's bundle`) +
  `, because the value of '${key}' is only known at run time, and the build needs it. ` +
  `Write ${key}: true or ${key}: false, in two calls where it has to be both.`

/** Of an inline worker that is large. */
export const explainSize = (logic: string, bytes: number) =>
  `the thread of ${logic} puts ${kilobytes(bytes)} into the page's bundle, which the page loads before it shows ` +
  `anything. Write { inline: false } in the thread's options: its worker becomes a file that loads beside the page, ` +
  `and an import() in it stays a file that loads when it is needed.`

const kilobytes = (bytes: number) => `${Math.round(bytes / 1_000).toLocaleString('en')} kB`

/** Of a logic that something inside its own thread starts a thread of. `through` are the modules from it to the call. */
export const explainCircle = (logic: string, through: readonly string[] = []) =>
  `the thread of ${logic} would start itself again and again: something it imports calls bgThread() with it` +
  `${through.length ? ` (${[...through, 'bgThread()'].join(' → ')})` : ''}. ` +
  `Move that call to a module that the logic does not import.`

/** Of a page that reloads because a module would start its thread a second time. Both are relative to the root. */
export function explainReload(saved: string, starter: string): string {
  const why = saved === starter ? 'it starts a thread' : `${starter} runs again, and it starts a thread`
  return `${styleText('green', 'page reload')} ${styleText('dim', `${saved} (${why})`)}`
}

/** Of threads that are replaced after an edit, by the modules of their logics, relative to the root. */
export const explainUpdate = (logics: readonly string[]) =>
  `${styleText('green', 'hmr update')} ${styleText('dim', logics.map((logic) => `thread of /${logic}`).join(', '))}`

/** Of source maps that are in the page's bundle, with their size in characters. */
export const explainMaps = (size: number) =>
  `the page's bundle carries ${Math.ceil(size / 1000)} kB of source maps for its inline workers, which each user loads. ` +
  `build.sourcemap: 'hidden' writes them to files of their own; with the plugin's option inline: false the workers' ` +
  `maps are files, too.`
