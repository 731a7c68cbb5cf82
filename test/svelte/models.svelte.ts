/** Classes whose fields are lost when their instances are cloned, and some that only look so. */

export class InArguments {
  id = 'c1'
  title = $state('')
}
export class InList {
  id = 'c2'
  title = $state.raw([1])
  late: number
  count = $derived(this.title.length)
  constructor() {
    this.late = $state(1)
  }
}
export class InResult {
  title = $state({ text: '' })
}
export class InSnapshot {
  title = $state('')
}
export class InPatch {
  id = 'c5'
  title = $state('')
}

export class OverField {
  _title = 'it'
  get title() {
    return this._title
  }
  set title(title) {
    this._title = title
  }
}
export class OverComputed {
  first = 'Ada'
  last = 'Lovelace'
  get name() {
    return `${this.first} ${this.last}`
  }
  set name(name) {
    ;[this.first = '', this.last = ''] = name.split(' ')
  }
}
export class GetterAlone {
  #count = 1
  get count() {
    return this.#count
  }
}
export class PrivateName {
  privateGetter = () => 1
  isPrivate = true
  get hidden() {
    return this.isPrivate && this.privateGetter() > 0
  }
  set hidden(hidden) {
    this.isPrivate = hidden
  }
}

export class NativePrivate {
  #title = 'it'
  get title() {
    return this.#title
  }
  set title(title) {
    this.#title = title
  }
}
export class Base {
  #title = 'it'
  get title() {
    return this.#title
  }
  set title(title) {
    this.#title = title
  }
}

// What older targets have in place of private fields.
const titles = new WeakMap<object, unknown>()
const __classPrivateFieldGet = (self: object, fields: WeakMap<object, unknown>, _kind: string) =>
  fields.get(self)
const __privateGet = (self: object, fields: WeakMap<object, unknown>) => fields.get(self)
const _classPrivateFieldGet2 = (fields: WeakMap<object, unknown>, self: object) => fields.get(self)

export class FromTypeScript {
  get title() {
    return __classPrivateFieldGet(this, titles, 'f')
  }
  set title(title) {
    titles.set(this, title)
  }
}
export class FromEsbuild {
  get title() {
    return __privateGet(this, titles)
  }
  set title(title) {
    titles.set(this, title)
  }
}
export class FromOxc {
  get title() {
    return _classPrivateFieldGet2(titles, this)
  }
  set title(title) {
    titles.set(this, title)
  }
}
