/** What Svelte's server makes of Picture.svelte: test/ssr checks that it does, hydration begins with it. */
export const serverHtml = '<!--[--><!--[--><img src="none.png" alt="connecting"/><!--]--><!--]-->'
