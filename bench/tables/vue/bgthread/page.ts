import { bgThread } from 'bgthread'
import { useBgRef } from 'bgthread/vue'
import { createApp } from 'vue'
import { drive } from '../../driver.js'
import Table from '../Table.vue'

const { proxy, ready } = bgThread(() => import('../../table.js'))
const open = () => ({
  items: useBgRef(proxy.watchItems, { initial: [] }),
  selected: useBgRef(proxy.watchSelected, { initial: 0 }),
  actions: proxy,
})
createApp(Table, { open }).mount('#app')
drive(ready)
