import { expect, it } from 'vitest'
import { addressOf, fillAddress } from '../../scripts/address.mjs'
import { read } from './markdown'

const readme = read('README.md')

it('the README shows the address that package.json has, and without one no part that needs it', () => {
  const address = addressOf(JSON.parse(read('package.json')))
  expect(readme).toBe(fillAddress(readme, address))
  if (!address) expect(readme).not.toMatch(/<!-- address \w+ -->\n\n[^<]/)
})

it('an address brings links, badges and the command to clone it, in one place each', () => {
  const address = addressOf({ repository: { url: 'git+https://git.example/bgthread.git' } })
  const filled = fillAddress(readme, address)
  expect(filled).toContain('[Issues](https://git.example/bgthread/issues)')
  expect(filled).toContain('git clone https://git.example/bgthread.git')
  expect(fillAddress(filled, undefined)).toBe(fillAddress(readme, undefined))
})
