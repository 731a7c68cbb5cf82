import { bgThread } from 'bgthread'

export const thread = bgThread(() => import('./counter'), { name: 'counter' })
export const { proxy } = thread
