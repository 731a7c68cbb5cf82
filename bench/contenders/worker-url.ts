import code from 'virtual:worker'

/** The URL of the contender's worker: a blob that is in the page's bundle, so that nobody waits for a file. */
export const workerUrl = () => URL.createObjectURL(new Blob([code], { type: 'text/javascript' }))
