/**
 * Carries the state of a logic from a worker to the one that replaces it, in development: all of it or nothing. The
 * plugin adds to the thread's modules what gives access to private fields and to variables of modules.
 */
import { realm, type Carry } from '../core/realm.js'
import { Births } from './births.js'
import { Kinds } from './kinds.js'
import { Registry } from './registry.js'
import { restore } from './restore.js'
import { Saver } from './save.js'
import { BRAND, Refusal, type Saved } from './saved.js'
import { watchTimers } from './timers.js'

/**
 * Sets `realm.carry`. To be called before the modules of the logic run.
 *
 * @param clock whose timers the logic uses
 */
export function installCarry(clock: object = globalThis): Carry {
  return (realm.carry ??= makeCarry(watchTimers(clock as never)))
}

/** @param isTimer whether a number is the id of a timer that is still to fire */
export function makeCarry(isTimer: (id: number) => boolean): Carry {
  const registry = new Registry()
  const kinds = new Kinds(registry)
  const births = new Births(registry, kinds)
  const carry: Carry = {
    addClass: (cls, code) => registry.addClass(cls, code),
    addModule: (code) => registry.addModule(code),
    begin(instance) {
      if (births.logic !== instance) births.note(instance)
    },
    save: (instance, name) =>
      attempt(registry.nameOf(instance), name, () =>
        new Saver(registry, kinds, births, isTimer).save(instance),
      ),
    restore(instance, state, name) {
      if (!isSaved(state)) return false
      attempt(registry.nameOf(instance), name, () => {
        carry.begin(instance)
        restore(state, instance, registry, kinds, births)
      })
      return true
    },
  }
  return carry
}

function attempt<T>(logic: string, thread: string, run: () => T): T | undefined {
  try {
    return run()
  } catch (error) {
    const why =
      error instanceof Refusal
        ? error.message
        : error instanceof RangeError
          ? 'its state is nested too deeply'
          : `its state cannot be read (${String(error)})`
    // oxlint-disable-next-line no-console -- it is no warning
    console.info(
      `[bgthread] thread '${thread}': ${logic} starts anew after the update: ${why}. ` +
        `Give ${logic} saveState() and restoreState(state) to keep what matters.`,
    )
    return undefined
  }
}

const isSaved = (state: unknown): state is Saved =>
  typeof state === 'object' && state !== null && (state as Partial<Saved>).brand === BRAND
