// For the checkers that do not read single-file components: vue-tsc resolves the real file before this.
declare module '*.vue' {
  import type { Component } from 'vue'
  const component: Component
  export default component
}
