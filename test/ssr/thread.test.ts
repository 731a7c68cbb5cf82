import { bgThread } from 'bgthread'
import { render } from 'svelte/server'
import { expect, it } from 'vitest'
import { createSSRApp } from 'vue'
import { renderToString } from 'vue/server-renderer'
import TodoApp from '../logic/todo-app.js'
import SvelteTodos from '../svelte/Todos.svelte'
import VueTodos from '../vue/Todos.vue'

it.each(['inert', 'in-process'] as const)(
  'a page with a thread that is %s renders initial',
  async (server) => {
    let loaded = false
    const thread = bgThread(async () => ((loaded = true), TodoApp), { server })
    if (server === 'in-process') await thread.proxy.add('milk')
    const props = { source: thread.proxy.watchTodos }
    expect(render(SvelteTodos, { props }).body).toContain('connecting')
    expect(render(SvelteTodos, { props }).body).not.toContain('<li>')
    expect(await renderToString(createSSRApp(VueTodos, props))).toBe(
      '<!--[--><p>connecting </p><ul><!--[--><!--]--></ul><!--]-->',
    )
    expect(loaded).toBe(server === 'in-process')
    thread.terminate()
  },
)
