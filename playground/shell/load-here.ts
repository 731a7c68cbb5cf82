/** Loads the logic onto this page. The plugin follows a load only within its module: from another it is left alone. */
export const loadHere = () => import('../logic/app')
