/** Built into one file with its worker inside, and then run by the contract. */
import { bgThread, type ThreadOptions } from 'bgthread'

export const startBuilt = (options?: ThreadOptions) =>
  bgThread(() => import('../../contract/logic'), options as { args: [] })
