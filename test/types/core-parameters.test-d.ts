import { describe, expectTypeOf, test } from 'vitest'
import type { Remote, RemoteParameters } from 'bgthread'

type Untyped = ReturnType<typeof JSON.parse>
type Takes<P> = RemoteParameters<[value: P]>[0]

describe('a callback', () => {
  interface App {
    report(onProgress: (fraction: number) => void): void
    confirm(ask: (question: string) => Promise<boolean>): void
    inform(tell: (text: string) => Promise<void>): void
    optional(ask?: (question: string) => Promise<boolean>): void
    each(...asks: ((question: string) => Promise<boolean>)[]): void
    sort(compare: (a: Date, b: Date) => number): void
  }
  const proxy = {} as Remote<App>

  test('without a result takes any function', () => {
    expectTypeOf<Takes<(fraction: number) => void>>().toEqualTypeOf<(fraction: number) => void>()
    proxy.report((fraction) => expectTypeOf(fraction).toEqualTypeOf<number>())
    proxy.report(() => 'anything')
    proxy.report(async () => 'anything')
    // @ts-expect-error a fraction is a number
    proxy.report((fraction: string) => fraction)
  })

  test('that promises takes a function that answers now or later', () => {
    expectTypeOf<Takes<(question: string) => Promise<boolean>>>().toEqualTypeOf<
      (question: string) => boolean | Promise<boolean>
    >()
    proxy.confirm((question) => question === 'sure?')
    proxy.confirm(async (question) => question === 'sure?')
    // @ts-expect-error a string is no boolean
    proxy.confirm((question) => question)
    // @ts-expect-error a promise of a string is none of a boolean
    proxy.confirm(async (question) => question)
  })

  test('that promises nothing takes any function', () => {
    proxy.inform((text) => text.length)
    proxy.inform(async (text) => text.length)
    proxy.inform(() => {})
  })

  test('may be optional, among other types, or one of many', () => {
    proxy.optional()
    proxy.optional(() => true)
    proxy.each(
      () => true,
      async () => false,
    )
    expectTypeOf<Takes<(() => Promise<1>) | 'default' | null>>().toEqualTypeOf<
      (() => 1 | Promise<1>) | 'default' | null
    >()
  })

  test('whose result is declared without a promise is an error that says what to write', () => {
    // @ts-expect-error the thread would get a promise, which is no number
    proxy.sort((a, b) => a.getTime() - b.getTime())
    expectTypeOf<Takes<() => number>>().returns.toEqualTypeOf<{
      'in the thread a callback gives a promise: declare its result there as Promise<...> or void': never
    }>()
  })

  test('whose result may be a promise, or is unknown or any, is left as it is', () => {
    expectTypeOf<Takes<() => number | Promise<number>>>().toEqualTypeOf<() => number | Promise<number>>()
    expectTypeOf<Takes<() => void | Promise<void>>>().toEqualTypeOf<() => void | Promise<void>>()
    expectTypeOf<Takes<() => unknown>>().toEqualTypeOf<() => unknown>()
    expectTypeOf<Takes<() => Untyped>>().toEqualTypeOf<() => Untyped>()
    expectTypeOf<Takes<() => never>>().toEqualTypeOf<() => never>()
    expectTypeOf<Takes<() => undefined>>().toEqualTypeOf<() => undefined>()
  })
})

describe('an object of options', () => {
  interface Options {
    file: File
    at?: Date
    ask?: (question: string) => Promise<boolean>
    onProgress(fraction: number): void
  }
  const proxy = {} as Remote<{ load(options: Options): void }>

  test('takes callbacks that answer now', () => {
    proxy.load({
      file: {} as File,
      ask: (question) => question === 'sure?',
      onProgress: (fraction) => fraction,
    })
    proxy.load({ file: {} as File, onProgress() {} })
    // @ts-expect-error a string is no boolean
    proxy.load({ file: {} as File, ask: (question) => question, onProgress() {} })
    // @ts-expect-error the file is missing
    proxy.load({ onProgress() {} })
    // @ts-expect-error no such option
    proxy.load({ file: {} as File, onProgress() {}, onDone() {} })
  })

  test('takes what is declared', () => {
    proxy.load({} as Options)
  })

  test('may be an array', () => {
    expectTypeOf<Takes<(() => Promise<1>)[]>>().toEqualTypeOf<(() => 1 | Promise<1>)[]>()
    expectTypeOf<Takes<readonly (() => void)[]>>().toEqualTypeOf<readonly (() => void)[]>()
  })

  test('known limit: only one level down', () => {
    expectTypeOf<Takes<{ a: { b: () => Promise<1> } }>>().toEqualTypeOf<{ a: { b: () => Promise<1> } }>()
  })

  test('without such callbacks is left as it is', () => {
    interface Quiet {
      file: File
      onProgress(fraction: number): void
      compare(a: number): number
    }
    expectTypeOf<Takes<Quiet>>().toEqualTypeOf<Quiet>()
  })
})

test('every other type is left as it is', () => {
  expectTypeOf<Takes<string>>().toEqualTypeOf<string>()
  expectTypeOf<Takes<boolean>>().toEqualTypeOf<boolean>()
  expectTypeOf<Takes<'a' | 'b' | undefined>>().toEqualTypeOf<'a' | 'b' | undefined>()
  expectTypeOf<Takes<bigint | symbol | null>>().toEqualTypeOf<bigint | symbol | null>()
  expectTypeOf<Takes<Untyped>>().toBeAny()
  expectTypeOf<Takes<unknown>>().toBeUnknown()
  expectTypeOf<Takes<never>>().toBeNever()
  expectTypeOf<Takes<object>>().toEqualTypeOf<object>()
  expectTypeOf<Takes<File>>().toEqualTypeOf<File>()
  expectTypeOf<Takes<Blob | string>>().toEqualTypeOf<Blob | string>()
  expectTypeOf<Takes<Date>>().toEqualTypeOf<Date>()
  expectTypeOf<Takes<Map<string, Date>>>().toEqualTypeOf<Map<string, Date>>()
  expectTypeOf<Takes<Set<number>>>().toEqualTypeOf<Set<number>>()
  expectTypeOf<Takes<readonly Date[]>>().toEqualTypeOf<readonly Date[]>()
  expectTypeOf<Takes<[a: 1, b?: 2]>>().toEqualTypeOf<[a: 1, b?: 2]>()
  expectTypeOf<Takes<Uint8Array>>().toEqualTypeOf<Uint8Array>()
  expectTypeOf<Takes<ArrayBuffer>>().toEqualTypeOf<ArrayBuffer>()
  expectTypeOf<Takes<AbortSignal>>().toEqualTypeOf<AbortSignal>()
  expectTypeOf<Takes<MessagePort>>().toEqualTypeOf<MessagePort>()
  expectTypeOf<Takes<OffscreenCanvas>>().toEqualTypeOf<OffscreenCanvas>()
  expectTypeOf<Takes<ReadableStream<string>>>().toEqualTypeOf<ReadableStream<string>>()
  expectTypeOf<Takes<WritableStream<string>>>().toEqualTypeOf<WritableStream<string>>()
  expectTypeOf<Takes<ImageBitmap>>().toEqualTypeOf<ImageBitmap>()
  expectTypeOf<Takes<Error>>().toEqualTypeOf<Error>()
  expectTypeOf<Takes<RegExp>>().toEqualTypeOf<RegExp>()
  expectTypeOf<Takes<FileSystemFileHandle>>().toEqualTypeOf<FileSystemFileHandle>()
  expectTypeOf<Takes<VideoFrame>>().toEqualTypeOf<VideoFrame>()
})

test("another thread's proxy can be passed where the logic asks for one", () => {
  type Search = Remote<{ find(words: string): string[]; sum(a: number): number }>
  const proxy = {} as Remote<{ use(search: Search): void }>
  proxy.use({} as Search)
})
