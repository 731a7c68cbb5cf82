import { expect, test } from 'vitest'
import { buildApp, fixtureConfig } from './support/app.js'

test.each([true, false])(
  'a build has nothing of hot updates (inline: %s)',
  { timeout: 120_000 },
  async (inline) => {
    const outputs = []
    for (const hot of [true, false]) {
      const output = await buildApp(fixtureConfig({ place: 'first', inline, hot }))
      outputs.push(output.map((file) => [file.fileName, file.type === 'chunk' ? file.code : file.source]))
    }
    expect(outputs[0]).toEqual(outputs[1])
    expect(outputs[0]!.length).toBeGreaterThan(1)
    const text = JSON.stringify(outputs[0])
    expect(text).not.toMatch(/bgthread:edit|bgthreadCall/)
    // A bundler does not fold a constant that one file imports from another.
    if (inline) expect(text).not.toContain('replaced after an edit')
  },
)
