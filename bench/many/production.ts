/** @throws Error in a page that was built for development: what it measures is not what users get */
export function checkProduction(): void {
  if (!import.meta.env.PROD)
    throw new Error('this page was built for development: NODE_ENV is not production')
}
