import { mount } from 'svelte'
import { drive } from '../../driver.js'
import Logic from '../../table.js'
import Table from '../Table.svelte'

const logic = new Logic()
// A state meets the store contract: it is Svelte's store here.
const open = () => ({ items: logic.watchItems(), selected: logic.watchSelected(), actions: logic })
mount(Table, { target: document.body, props: { open } })
drive()
