import { bgThread } from 'bgthread'
import { bgStore } from 'bgthread/svelte'
import { mount } from 'svelte'
import { drive } from '../../driver.js'
import Table from '../Table.svelte'

const { proxy, ready } = bgThread(() => import('../../table.js'))
const open = () => ({
  items: bgStore(proxy.watchItems, { initial: [] }),
  selected: bgStore(proxy.watchSelected, { initial: 0 }),
  actions: proxy,
})
mount(Table, { target: document.body, props: { open } })
drive(ready)
