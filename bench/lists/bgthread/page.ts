import { bgThread } from 'bgthread'
import { drive } from '../driver.js'

drive(() => {
  const thread = bgThread(() => import('./logic.js'))
  const { proxy } = thread
  return {
    load: proxy.load,
    apply: proxy.apply,
    watch: (show) => void proxy.watchRows().subscribe(show),
    close: () => thread.terminate(),
  }
})
