import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type TestContext, test } from 'node:test'
import { run } from '../../../src/cli/program.ts'
import { capturedIo } from '../../cli/captured-io.ts'
import { burnWithTickets, storyText, type ToldStory } from './told-story.ts'

const stories: Readonly<Record<string, ToldStory>> = {
  'one-step-late': { expect: ['{ at: 1h8m30s, page: { slo: checkout } }'] },
  'never-fired': { expect: ['{ at: 30m, page: { slo: search } }', '{ at: 1h8m45s, page: { slo: checkout } }'] },
  'after-the-end': {
    settings: ['alerts: listed'],
    expect: ['{ at: 5h, page: { slo: checkout } }'],
  },
  'other-rule': {
    series: burnWithTickets,
    settings: ['alerts: listed'],
    expect: ['{ at: 1h4m, page: { slo: catalogue, rule: { long: 1h, short: 5m } } }'],
  },
  'stays-open': {
    series: burnWithTickets,
    settings: ['alerts: listed'],
    expect: ['{ at: 1h30m, resolved: { slo: catalogue, severity: ticket } }'],
  },
  'resolved-later': {
    settings: ['alerts: listed'],
    expect: ['{ at: 1h10m, resolved: { slo: checkout } }'],
  },
  'missing-scope': { expect: ['{ at: 1h8m45s, page: { slo: checkout, scope: [eu, us, global] } }'] },
  'open-alerts': { expect: ['{ at: 1h10m, firing: [{ slo: checkout, scope: [eu, us] }] }'] },
  figures: {
    settings: ['alerts: listed'],
    expect: [
      '{ at: 1h20m, budgets: [{ slo: checkout, remaining: 0.5, state: stale }, { slo: checkout, scope: us, sli: null }] }',
      '{ at: 1h20m, burnRates: [{ slo: checkout, scope: eu, window: 1h, burnRate: 14.4 }] }',
    ],
  },
  receivers: {
    settings: ['routes: [{ match: { severity: page }, receivers: [oncall, status-page] }]'],
    expect: ['{ at: 1h8m45s, page: { slo: checkout, receiver: oncall } }'],
  },
  unexpected: { expect: ['{ at: 1h, none: true }'] },
}

for (const [name, story] of Object.entries(stories)) {
  test(`tells people why a test fails: ${name}`, async (t) => {
    const text = await failureText(t, storyText(story))
    t.assert.fileSnapshot(text, `test/golden/rule-test/${name}.txt`, { serializers: [String] })
  })
}

/** What is printed, without the folder that the file lay in. */
async function failureText(t: TestContext, text: string): Promise<string> {
  const folder = mkdtempSync(join(tmpdir(), 'sloburn-failure-'))
  t.after(() => rmSync(folder, { recursive: true }))
  const file = join(folder, 'story.test.yaml')
  writeFileSync(file, text)
  const io = capturedIo()
  await run(['test', file], io)
  return `${io.err()}${io.out()}`.replaceAll(`${folder}/`, '')
}
