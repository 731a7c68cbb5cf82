/** Props that a test changes while the component is mounted. */
export function props<Props extends Record<string, unknown>>(values: Props): Props {
  const state = $state(values)
  return state
}
