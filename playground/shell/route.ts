import type { UiName } from '../rooms/room'

/** The rooms, the first one of which is where one comes in. */
export const ROOMS = ['table', 'tabs', 'pictures'] as const
export type RoomName = (typeof ROOMS)[number]

/** What an address leads to. */
export interface Route {
  room: RoomName
  /** The UI that it asks for, if it does. */
  ui: UiName | undefined
}

/**
 * Reads the hash of an address; one that names no room leads to the first.
 *
 * @example
 * routeOf('#tabs/vue') // { room: 'tabs', ui: 'vue' }
 */
export function routeOf(hash: string): Route {
  const [name, ui] = hash.slice(1).split('/')
  return {
    room: ROOMS.find((room) => room === name) ?? ROOMS[0],
    ui: ui === 'svelte' || ui === 'vue' ? ui : undefined,
  }
}
