/** State outside of components. */
export const selection = $state({ id: 1 })
