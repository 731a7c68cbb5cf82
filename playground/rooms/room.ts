/** What the shell knows of a room: a table, tabs, pictures. Types only. */
import type { Meter } from '../shell/meter'

export type UiName = 'svelte' | 'vue'

/** What the shell offers to the room that is open. */
export interface Shell {
  /** Frames count for a thread until the room says otherwise. */
  meter: Meter
  /** Draws the room anew, by the UIs that are chosen. */
  redraw(): void
}

/** A room that is open. */
export interface Room {
  /** Draws it by one UI; gives the function that takes it away. */
  mount(ui: UiName, target: HTMLElement): () => void
  /** The visitor goes to another room; it is not drawn any more. */
  leave(): void
}

/** A module of this folder that is a room: loaded when the room is opened first. */
export interface RoomModule {
  enter(shell: Shell): Room
}
