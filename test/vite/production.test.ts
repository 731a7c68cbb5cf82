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
    expect(JSON.stringify(outputs[0])).not.toMatch(/bgthread:edit|bgthreadCall|replaced after an edit/)
  },
)
