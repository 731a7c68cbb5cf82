import { bgThread } from 'bgthread'

const { proxy } = bgThread(() => import('./logic.js'))

proxy.watchCount().subscribe((count) => (document.title = String(count)))
document.body.textContent = await proxy.greet('Ada')
