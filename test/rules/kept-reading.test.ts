import assert from 'node:assert/strict'
import { test } from 'node:test'
import * as fc from 'fast-check'
import { formatProblem, isError } from '../../src/core/model/problem.ts'
import { dayMs } from '../../src/core/model/units.ts'
import { type KeptReading, readingFrom, readingPieces } from '../../src/rules/kept-reading.ts'
import type { LintOptions } from '../../src/rules/lints/slo-lint.ts'
import { parseRules } from '../../src/rules/parse-rules.ts'
import { parseRulesAgain, type RuleSetToKeep } from '../../src/rules/parse-rules-again.ts'
import type { RuleFile } from '../../src/rules/read-documents.ts'
import { repositoryFiles } from '../support/repository-files.ts'
import { printRules } from '../support/rule-printing/print-rules.ts'
import { slo } from './invalid-file.ts'
import { drawnRules } from './rule-arbitraries.ts'

const shipped = repositoryFiles('{rules,test}/**/*.{yaml,yml}')
  .filter(({ path }) => !path.endsWith('.test.yaml'))
  .map(({ path, text }) => ({ name: path, text }))

/** Doubts of every kind, what allows them, and everything that files can say beside SLOs. */
const doubtful: Readonly<Record<string, string>> = {
  nothing: '# nothing\n',
  'a rule that never fires': slo('description: d').replace('99.9', '90'),
  'one that is allowed': slo('allow: { RULE_NEVER_FIRES: so it is }').replace('99.9', '90'),
  'an allowance without use': slo('allow: { RULE_NEVER_FIRES: so it is }'),
  'labels that are taken': slo('labels: { service: s, region: r }'),
  'defaults of a file': `apiVersion: sloburn/v1\nkind: Defaults\nspec:\n  objective: 90\n  labels: { team: a }\n---\n${slo('description: d').replace('  objective: 99.9\n', '')}`,
  'a policy nobody names':
    'apiVersion: sloburn/v1\nkind: AlertPolicy\nmetadata: { name: p }\nspec:\n  rules: [{ severity: page, long: 1h, short: 5m, burnRate: 2 }]\n',
  'a maintenance':
    'apiVersion: sloburn/v1\nkind: Maintenance\nmetadata: { name: m }\nspec:\n  slos: [checkout]\n  from: 2026-10-03T22:00:00Z\n  to: 2026-10-04T02:00:00Z\n  author: a\n  reason: r\n',
  formulas: slo('groupBy: [tenant]', '{ }').replace(
    /indicator:.*\n(?: {4}.*\n)*/,
    "indicator: { expression: { signals: { err: 'e', slow: 's', idle: 'i', all: 'a' }, bad: 'err + slow', total: all } }\n",
  ),
}

test('what was kept of the files of this repository gives what parsing them gives', async () => {
  assert.ok(shipped.length > 20, 'the files were not found')
  for (const file of shipped) await assertSameAgain([file])
  await assertSameAgain(shipped)
})

test('warnings are told again, and the same ones', async () => {
  const seen = new Set<string>()
  for (const [what, text] of Object.entries(doubtful)) {
    const { problems } = await assertSameAgain([{ name: `${what}.yaml`, text }])
    assert.deepEqual(problems.filter(isError).map(formatProblem), [], what)
    for (const { code } of problems) seen.add(code)
  }
  assert.deepEqual([...seen].sort(), [
    'NO_RULE_DOCUMENTS',
    'RULE_ALLOW_UNUSED',
    'RULE_LABEL_TAKEN',
    'RULE_NEVER_FIRES',
    'RULE_UNUSED_POLICY',
    'RULE_UNUSED_SIGNAL',
  ])
})

test('whatever files can say, reading what was kept of them gives the same as parsing them', async () => {
  await fc.assert(
    fc.asyncProperty(drawnRules, async ({ policies, slos }) => {
      const text = printRules([
        ...slos.map((each) => ({ kind: 'SLO', slo: each }) as const),
        ...policies.map((policy) => ({ kind: 'AlertPolicy', policy }) as const),
      ])
      await assertSameAgain([{ name: 'a.yaml', text }])
    }),
    { numRuns: 100 },
  )
})

test('only a file that changed is parsed', async () => {
  const files = [slo('description: d'), slo('description: e').replace('name: checkout', 'name: search')]
  const before = files.map((text, place) => ({ name: `${place}.yaml`, text }))
  const kept = keptOf(await parseRulesAgain(before, {}, () => undefined))
  const after = [before[0], { ...before[1], text: before[1].text.replace('description: e', 'description: f') }]
  const { slos, keepable } = await parseRulesAgain(after, {}, (file) => kept.get(keyOf(file)))
  assert.deepEqual(
    keepable.map(({ file, wasParsed }) => [file.name, wasParsed]),
    [
      ['0.yaml', false],
      ['1.yaml', true],
    ],
  )
  assert.deepEqual(
    slos.map(({ description }) => description),
    ['d', 'f'],
  )
})

test('what only shows with other files, or under another config, is found as ever, with its place', async () => {
  const own = { name: 'slo.yaml', text: slo('alerting: { policy: p }') }
  const calm = [own, { name: 'policy.yaml', text: policyAbove(2) }]
  const kept = keptOf(await parseRulesAgain(calm, {}, () => undefined))
  const worlds: [string, RuleFile[], LintOptions][] = [
    ['RULE_NEVER_FIRES', [own, { name: 'policy.yaml', text: policyAbove(2_000) }], {}],
    ['RULE_UNKNOWN_POLICY', [own], {}],
    ['RULE_DUPLICATE_NAME', [...calm, { ...own, name: 'again.yaml' }], {}],
    ['RULE_BEYOND_RETENTION', calm, { retentionMs: dayMs }],
  ]
  for (const [code, files, options] of worlds) {
    const again = await parseRulesAgain(files, options, (file) => kept.get(keyOf(file)))
    const anew = await parseRules(files, options)
    assert.deepEqual(again.problems, anew.problems)
    assert.deepEqual(again.slos, anew.slos)
    assert.ok(
      again.problems.some((problem) => problem.code === code),
      code,
    )
  }
})

test('a file with an error is not kept, nor one of another tool', async () => {
  const files = [
    { name: 'wrong.yaml', text: slo('descripton: d') },
    { name: 'broken.yaml', text: 'a: b: c\n' },
    { name: 'sloth.yaml', text: sloth },
    { name: 'right.yaml', text: slo('description: d').replace('name: checkout', 'name: search') },
  ]
  const { keepable } = await parseRulesAgain(files, {}, () => undefined)
  assert.deepEqual(
    keepable.map(({ file }) => file.name),
    ['right.yaml'],
  )
})

test('a reading of which a piece is missing is none', async () => {
  const text = Array.from({ length: 120 }, (_, id) => slo('description: d').replace('checkout', `slo-${id}`)).join(
    '---\n',
  )
  const { keepable } = await parseRulesAgain([{ name: 'a.yaml', text }], {}, () => undefined)
  const pieces = [...readingPieces(keepable[0].reading)]
  assert.equal(readingFrom(pieces)?.documents.length, 120)
  assert.ok(pieces.length > 3)
  assert.equal(readingFrom(pieces.slice(0, -1)), undefined)
  assert.equal(readingFrom([]), undefined)
})

/** Parses, keeps as bytes, and reads them back: twice, for what the first of them asked is kept too. */
async function assertSameAgain(files: readonly RuleFile[]): Promise<RuleSetToKeep> {
  const { slos, policies, maintenances, problems } = await parseRules(files)
  const first = await parseRulesAgain(files, {}, () => undefined)
  const kept = keptOf(first)
  const again = await parseRulesAgain(files, {}, (file) => kept.get(keyOf(file)))
  for (const read of [first, again]) {
    assert.deepEqual(
      { slos: read.slos, policies: read.policies, maintenances: read.maintenances, problems: read.problems },
      { slos, policies, maintenances, problems },
    )
  }
  assert.deepEqual(
    again.keepable.filter(({ wasParsed }) => wasParsed).map(({ file }) => file.name),
    [],
  )
  return again
}

function keptOf({ keepable }: RuleSetToKeep): ReadonlyMap<string, KeptReading | undefined> {
  return new Map(keepable.map(({ file, reading }) => [keyOf(file), readingFrom([...readingPieces(reading)])]))
}

function keyOf({ name, text }: RuleFile): string {
  return JSON.stringify([name, text])
}

function policyAbove(burnRate: number): string {
  return `apiVersion: sloburn/v1\nkind: AlertPolicy\nmetadata: { name: p }\nspec:\n  rules: [{ severity: page, long: 1h, short: 5m, burnRate: ${burnRate} }]\n`
}

const sloth = `version: prometheus/v1
service: shop
slos:
  - name: requests
    objective: 99.9
    sli:
      events:
        error_query: sum(rate(errors_total[{{.window}}]))
        total_query: sum(rate(requests_total[{{.window}}]))
    alerting: { name: ShopRequests, page_alert: {}, ticket_alert: {} }
`
