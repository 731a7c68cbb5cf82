/** The custom events between a development server and its pages. */

/** From the server: the code of threads has changed. */
export const EDIT = 'bgthread:edit'
/** From a page: a thread could not be started with the new code. */
export const FAILED = 'bgthread:failed'
