import type { State } from 'bgthread/worker'
import { createApp, shallowRef } from 'vue'
import { drive } from '../../driver.js'
import Logic from '../../table.js'
import Table from '../Table.vue'

const logic = new Logic()
const open = () => ({
  items: refOf(logic.watchItems()),
  selected: refOf(logic.watchSelected()),
  actions: logic,
})
createApp(Table, { open }).mount('#app')
drive()

function refOf<V>(state: State<V>) {
  const ref = shallowRef(state.get())
  state.subscribe((value) => (ref.value = value))
  return ref
}
