/** The logic that the adapters are tested with, in process and in a worker. */
import { callSignal, state } from 'bgthread/worker'

export interface Todo {
  id: number
  title: string
}

export default class TodoApp {
  #todos = state<Todo[]>([])
  #watched: number[] = []
  #aborted = 0

  /** Where this runs. */
  place(): 'page' | 'worker' {
    return typeof document === 'undefined' ? 'worker' : 'page'
  }

  add(title: string): Todo {
    if (title === '') throw new TypeError('a todo needs a title')
    const todo = { id: this.#todos.get().length + 1, title }
    this.#todos.update((todos) => [todo, ...todos])
    return todo
  }

  addAll(todos: { title: string }[]): string[] {
    return todos.map(({ title }) => this.add(title).title)
  }

  rename(id: number, title: string): void {
    this.#todos.update((todos) => todos.map((todo) => (todo.id === id ? { ...todo, title } : todo)))
  }

  /** Never done, until it is cancelled. */
  hold(): Promise<never> {
    const signal = callSignal()
    return new Promise((_, reject) => {
      signal.addEventListener('abort', () => {
        this.#aborted += 1
        reject(signal.reason)
      })
    })
  }

  aborted(): number {
    return this.#aborted
  }

  watchTodos() {
    return this.#todos
  }

  /** The title of one todo. */
  watchTodo(id: number) {
    return {
      subscribe: (next: (title: string) => void) => {
        this.#watched.push(id)
        const stop = this.#todos.subscribe((todos) =>
          next(todos.find((todo) => todo.id === id)?.title ?? 'missing'),
        )
        return () => {
          stop()
          this.#watched.splice(this.#watched.indexOf(id), 1)
        }
      },
    }
  }

  /** The todos that somebody watches. */
  watched(): number[] {
    return this.#watched
  }

  /** The titles that match, until nobody reads them. */
  async *watchMatching(filter: RegExp) {
    const signal = callSignal()
    this.#watched.push(0)
    try {
      yield this.#todos.get().filter(({ title }) => filter.test(title))
      await new Promise((resolve) => signal.addEventListener('abort', resolve))
    } finally {
      this.#watched.splice(this.#watched.indexOf(0), 1)
    }
  }

  async *watchBroken(): AsyncGenerator<string> {
    yield 'milk'
    throw new TypeError('spilled')
  }
}
