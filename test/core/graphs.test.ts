import { describe, expect, it } from 'vitest'
import fc from 'fast-check'
import { reactive, ref, shallowRef } from 'vue'
import { transfer } from '../../src/core/transfer.js'
import { connect } from './pair'
import { shapeOf } from './shape'

/** Keeps what it is called with: in process it can be looked at as it has arrived. */
class Taker {
  taken: unknown[] = []
  take(...args: unknown[]) {
    this.taken = args
  }
}

/** A graph: what its nodes are, what leads where, and where a function stands. */
interface Graph {
  kinds: ('object' | 'array' | 'map' | 'set' | 'keyed' | 'long')[]
  edges: [from: number, to: number][]
  functions: [node: number, which: number][]
  signals: number[]
  args: number[]
  beside: boolean
}

const node = fc.nat({ max: 119 })
const graphs: fc.Arbitrary<Graph> = fc.record({
  kinds: fc.array(fc.constantFrom('object', 'array', 'map', 'set', 'keyed', 'long'), {
    minLength: 1,
    maxLength: 120,
    size: 'max',
  }),
  edges: fc.array(fc.tuple(node, node), { maxLength: 200, size: 'max' }),
  functions: fc.array(fc.tuple(node, fc.nat({ max: 2 })), { maxLength: 3 }),
  signals: fc.array(node, { maxLength: 1 }),
  args: fc.array(node, { minLength: 1, maxLength: 3 }),
  beside: fc.boolean(),
})

const containers: Record<Graph['kinds'][number], () => object> = {
  object: () => ({}),
  array: () => [],
  map: () => new Map(),
  keyed: () => new Map(),
  set: () => new Set(),
  long: () => Array.from({ length: 70 }, (_, i) => i),
}

function put(container: object, part: unknown, at: number, keyed: boolean): void {
  if (container instanceof Map) {
    if (keyed && typeof part === 'object' && !(part instanceof AbortSignal)) container.set(part, at)
    else container.set(at, part)
  } else if (container instanceof Set) container.add(part)
  else if (Array.isArray(container)) container.push(part)
  else (container as Record<string, unknown>)[`part ${at}`] = part
}

function build({ kinds, edges, functions, signals, args, beside }: Graph): unknown[] {
  const nodes = kinds.map((kind) => containers[kind]())
  const at = (node: number) => node % nodes.length
  const put_ = (from: number, part: unknown, name: number) =>
    put(nodes[at(from)] as object, part, name, kinds[at(from)] === 'keyed')
  const several = [() => 0, () => 1, () => 2]
  // A list that leads from node to node, so that most of the graph is reached.
  nodes.forEach((_, i) => i > 0 && put_((i - 1) >> 1, nodes[i], 1_000 + i))
  edges.forEach(([from, to], i) => put_(from, nodes[at(to)], i))
  functions.forEach(([from, which], i) => put_(from, several[which], 2_000 + i))
  for (const from of signals) put_(from, new AbortController().signal, 3_000)
  const passed: unknown[] = args.map((node) => nodes[at(node)])
  return beside ? [...passed, several[0]] : passed
}

function labels(): (it: object) => string {
  const known: object[] = []
  return (it) => {
    if (!known.includes(it)) known.push(it)
    return `<${known.indexOf(it)}>`
  }
}

interface Tree {
  parent: Tree | null
  children: Tree[]
}

function grow(parent: Tree | null, depth: number): Tree {
  const tree: Tree = { parent, children: [] }
  if (depth > 0) for (let i = 0; i < 10; i++) tree.children.push(grow(tree, depth - 1))
  return tree
}

function strays({ children }: Tree): number {
  return children.reduce((sum, child) => sum + strays(child), 0)
}

const countStrays = (tree: Tree): number =>
  tree.children.filter((child) => child.parent !== tree).length +
  tree.children.reduce((sum, child) => sum + countStrays(child), 0)

async function start() {
  const logic = new Taker()
  const { proxy } = await connect(logic)
  return async (...args: unknown[]) => {
    await proxy.take?.(...args)
    return logic.taken
  }
}

describe('shared references in arguments', () => {
  it('a graph arrives as it was, wherever functions and signals stand in it', async () => {
    const take = await start()
    let withFunctions = 0
    await fc.assert(
      fc.asyncProperty(graphs, async (graph) => {
        const args = build(graph)
        const before = shapeOf(args, labels())
        expect(shapeOf(await take(...args), labels())).toBe(before)
        if (before.includes('<')) withFunctions++
      }),
      { numRuns: 400 },
    )
    expect(withFunctions).toBeGreaterThan(100)
  })

  const f = () => {}
  it.each<[string, (tree: Tree) => unknown[]]>([
    ['nothing', (tree) => [tree]],
    ['a callback', (tree) => [tree, f]],
    ['a callback before it', (tree) => [f, tree]],
    ['two callbacks and a signal', (tree) => [tree, f, () => {}, new AbortController().signal]],
    ['a callback in an object', (tree) => [tree, { onHit: f }]],
    ['a callback in the root', (tree) => [Object.assign(tree, { onHit: f })]],
    [
      'a callback in a leaf',
      (tree) => [(Object.assign(tree.children[9]?.children[9] as Tree, { onHit: f }), tree)],
    ],
    [
      'a callback in an object that has it, too',
      (tree) => [tree, { tree, near: tree.children[3], onHit: f }],
    ],
    ['a ref', (tree) => [tree, ref(1)]],
    ['a ref to it', (tree) => [tree, shallowRef(tree)]],
    ['a reactive proxy', (tree) => [tree, reactive({ a: 1 })]],
    ['a transfer mark', (tree) => [tree, transfer({ f }, [new ArrayBuffer(8)])]],
  ])('a tree with parents arrives with these parents beside %s', async (_, args) => {
    const take = await start()
    for (const depth of [1, 2, 3]) {
      const passed = args(grow(null, depth < 2 ? 2 : depth))
      const taken = await take(...passed)
      const tree = taken.find((arg) => typeof arg === 'object' && arg !== null && 'children' in arg) as Tree
      expect(countStrays(tree)).toBe(0)
      expect(strays(tree)).toBe(0)
      for (const arg of taken) {
        const { near, tree: again } = Object(arg) as { near?: Tree; tree?: Tree }
        if (again) expect([again, near]).toEqual([tree, tree.children[3]])
        if (again) expect([again === tree, near === tree.children[3]]).toEqual([true, true])
      }
    }
  })

  it('one object of a long list and of the options is one object', async () => {
    const take = await start()
    const rows = Array.from({ length: 5_000 }, (_, id) => ({ id, more: { id } }))
    const options = { selected: rows[4_000], more: new Map([['x', rows[3_000]?.more]]), onDone: f }
    const [arrived, { selected, more }] = (await take(rows, options)) as [typeof rows, typeof options]
    expect(selected).toBe(arrived[4_000])
    expect(more.get('x')).toBe(arrived[3_000]?.more)
  })

  it('a list that leads back to the options leads to the options that have arrived', async () => {
    const take = await start()
    for (const extra of [f, new AbortController().signal, ref(1), shallowRef(f)]) {
      const options: Record<string, unknown> = { extra }
      const rows = Array.from({ length: 5_000 }, (_, id) => ({ id, options: id === 4_000 ? options : null }))
      options['rows'] = rows
      const [first] = (await take(options)) as [{ rows: typeof rows; extra: unknown }]
      expect(first.rows[4_000]?.options).toBe(first)
      expect(typeof first.extra).toBe(
        extra instanceof AbortSignal
          ? 'object'
          : typeof (extra === f ? f : (extra as { value: unknown }).value),
      )
    }
  })

  it('a container that has nothing to take out is not copied beside callbacks', async () => {
    const take = await start()
    let reads = 0
    const counted = new Proxy([1], {
      get: (target, key) => (key === '0' && reads++, Reflect.get(target, key) as unknown),
    })
    // A proxy is refused by structured clone: only the second, whole walk copies it.
    await take([counted], f)
    expect(reads).toBeGreaterThan(0)
    const shared = { a: 1 }
    const [one, [two]] = (await take(shared, [shared], f)) as [object, [object]]
    expect(one).toBe(two)
  })
})
