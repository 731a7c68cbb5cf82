/** For development: finds components that make a store anew at each change, as `$:` and `$derived` do. */
import { getAllContexts, onMount } from 'svelte'
import type { BgSource } from '../core/adapter.js'

interface Component {
  isMounted: boolean
  /** What tells whether a store is read, by the source that it was made with. */
  stores: Map<string, { made: number; read: (() => boolean)[] }>
}

/** By the map of contexts, of which each component that was asked for it has one of its own. */
const components = new WeakMap<object, Component>()

/**
 * Warns if a component that is mounted makes a store of one method again and again, while those before are not read
 * any more. A store of each row, or of each component of a list, is none of these.
 *
 * @param isRead whether the store that is being made has readers
 */
export function warnIfRemade(source: BgSource<unknown>, isRead: () => boolean): void {
  const { action } = source as { action?: string }
  const key = typeof source === 'function' ? String(source) : action
  const component = componentNow()
  if (!key || !component) return
  const { stores, isMounted } = component
  const { made, read } = stores.get(key) ?? { made: 0, read: [] }
  const now = read.filter((isStill) => isStill())
  const count = now.length > 1 ? -Infinity : made + Number(isMounted)
  stores.set(key, { made: count, read: [...now, isRead] })
  if (count !== 3) return
  const call = action ? `proxy.${action}(…)` : 'proxy.watchTodos(…)'
  console.warn(
    `bgthread: a component makes a new store${action ? ` of ${action}()` : ''} at each change, as $: and $derived do. ` +
      `Make one at the top of the component, with a function that reads what changes: bgStore(() => ${call}).`,
  )
}

/** @returns undefined outside of components */
function componentNow(): Component | undefined {
  try {
    const contexts = getAllContexts()
    const known = components.get(contexts)
    if (known) return known
    const component: Component = { isMounted: false, stores: new Map() }
    components.set(contexts, component)
    onMount(() => void (component.isMounted = true))
    return component
  } catch {
    return undefined
  }
}
