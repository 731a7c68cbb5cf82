/** Loads logic onto this page. The plugin follows a load only within its module: from another it is left alone. */
export const loadHere = () => import('../logic/app')
export const loadLoomHere = () => import('../logic/loom')
export const loadPicturesHere = () => import('../logic/pictures')
