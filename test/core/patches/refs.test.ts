/** Vue refs in snapshots: what they hold is patched, as if it stood in their place. */
import { expect, it } from 'vitest'
import { computed, reactive, ref, shallowRef, type Ref } from 'vue'
import { state } from '../../../src/core/state'
import type { RemoteStream } from '../../../src/core/types'
import { connect } from '../pair'

/** Shows a value, changes it and shows it again. */
async function show<T>(first: T, change: (value: T) => T | void): Promise<[unknown, unknown, number]> {
  const source = state<T>(first)
  const { proxy, page } = await connect({
    watch: () => source,
    change: () => source.update((value) => change(value) as T),
  })
  const stream = proxy.watch?.() as unknown as RemoteStream<unknown>
  const stop = stream.subscribe(() => {})
  await proxy.change?.()
  // The first one left before the reply, or with it.
  const before = await new Promise((known) => stream.subscribe((value) => known(value))())
  await proxy.change?.()
  const now = stream.get()
  const { patches } = page.stats as { patches: number }
  stop()
  return [before, now, patches]
}

interface Row {
  id: number
  title: string | Ref<string>
}

const rows = (): Row[] => Array.from({ length: 300 }, (_, id) => ({ id, title: `title ${id}` }))

function isPatched([before, now, patches]: [unknown, unknown, number], changed: number): void {
  const [old, rows] = [before, now] as [Row[], Row[]]
  expect(patches).toBeGreaterThan(0)
  expect(rows).toHaveLength(300)
  expect(rows.flatMap((row, at) => (row === old[at] ? [] : [at]))).toEqual([changed])
}

it('a row that a ref holds in part is patched when the ref changes', async () => {
  const title = ref('a')
  const all = [...rows().slice(0, 299), { id: 299, title }]
  const result = await show(all, () => void (title.value += 'b'))
  isPatched(result, 299)
  expect((result[1] as Row[])[299]).toEqual({ id: 299, title: 'abb' })
})

it.each<[string, (rows: Row[]) => unknown[]]>([
  ['refs', (rows) => rows.map((row) => ref(row))],
  ['shallow refs', (rows) => rows.map((row) => shallowRef(row))],
  ['refs to refs', (rows) => rows.map((row) => shallowRef({ ...row, title: shallowRef(row.title) }))],
  ['computed values', (rows) => rows.map((row) => computed(() => row))],
  ['rows and refs', (rows) => rows.map((row, at) => (at % 2 ? row : ref(row)))],
])('of a list of %s only the row that changed is new', async (_, make) => {
  const list = make(rows())
  let count = 0
  const result = await show(list, () => {
    const item = list[100] as Ref<Row>
    const title = `changed ${++count}`
    list[100] = shallowRef({ ...item.value, title })
  })
  isPatched(result, 100)
  expect((result[1] as Row[])[100]).toEqual({ id: 100, title: 'changed 2' })
})

it('a row that moves in a list of refs stays what it is', async () => {
  const list = rows().map((row) => ref(row))
  const [before, now, patches] = (await show(list, () => void list.push(list.shift() as never))) as [
    Row[],
    Row[],
    number,
  ]
  expect(patches).toBeGreaterThan(0)
  expect(now.every((row, at) => row === before[(at + 1) % 300])).toBe(true)
})

it('a ref to the whole is patched', async () => {
  const whole = ref(rows())
  const result = await show(whole, () => {
    const row = whole.value[5]
    if (row) row.title = `${row.title as string}!`
  })
  isPatched(result, 5)
})

it('a ref in a frozen object or list is seen to change', async () => {
  const n = ref(0)
  const filler = rows()
  const value = Object.freeze({
    n,
    list: Object.freeze([n]),
    deep: Object.freeze({ a: Object.freeze([{ n }]) }),
    filler,
  })
  const [, now] = await show<unknown>(value, () => void n.value++)
  expect(now).toEqual({ n: 2, list: [2], deep: { a: [{ n: 2 }] }, filler })
})

it('refs in maps and sets are patched by what they hold', async () => {
  const a = ref(1)
  const b = shallowRef({ id: 1 })
  const value = {
    map: new Map<string, unknown>([
      ['a', a],
      ['b', b],
    ]),
    set: new Set<unknown>([a, b, ref(1)]),
    filler: rows(),
  }
  const [, now] = await show<unknown>(value, () => void a.value++)
  expect(now).toEqual({
    map: new Map<string, unknown>([
      ['a', 3],
      ['b', { id: 1 }],
    ]),
    set: new Set([3, { id: 1 }, 1]),
    filler: value.filler,
  })
})

it('one object in two refs is one object on the page', async () => {
  const shared = { id: 1 }
  const [, now] = await show<unknown>({ a: shallowRef(shared), b: shared, filler: rows() }, () => {})
  const { a, b } = now as { a: unknown; b: unknown }
  expect(a).toBe(b)
})

it('a ref that was added, in reactive data too, comes as its value', async () => {
  const data = reactive<{ list: unknown[]; filler: Row[] }>({ list: [], filler: rows() })
  const [, now] = await show<unknown>(
    data,
    () => void data.list.push({ id: data.list.length, n: shallowRef(ref(7)) }),
  )
  expect((now as typeof data).list).toEqual([
    { id: 0, n: 7 },
    { id: 1, n: 7 },
  ])
})
