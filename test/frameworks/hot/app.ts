import { bgThread } from 'bgthread'

export const thread = bgThread(() => import('./logic'), { name: 'rows' })
export const { proxy } = thread
