import assert from 'node:assert/strict'
import { test } from 'node:test'
import { formatProblem } from '../../src/core/model/problem.ts'
import { rational } from '../../src/core/model/rational.ts'
import { dayMs, minuteMs } from '../../src/core/model/units.ts'
import { policyLintCodes, sloLintCodes } from '../../src/rules/lint-codes.ts'
import type { LintOptions } from '../../src/rules/lints/slo-lint.ts'
import { parseRules } from '../../src/rules/parse-rules.ts'
import { replaced, slo, sloWith } from './invalid-file.ts'

const policyOf = (rules: string): string =>
  `---\napiVersion: sloburn/v1\nkind: AlertPolicy\nmetadata: { name: p }\nspec:\n  rules: [${rules}]\n  for: 0s\n`
const pageRule = '{ severity: page, long: 1h, short: 5m, burnRate: 10 }'
const usingP = 'alerting: { policy: p }'

/** One file for every lint that has exactly that problem, and what the message must say. */
const samples: Readonly<Record<(typeof sloLintCodes)[number], readonly [string, RegExp, LintOptions?]>> = {
  RULE_OBJECTIVE_LOOKS_LIKE_RATIO: [
    replaced('99.9', '0.9').replace('description: d', usingP) + policyOf(pageRule.replace('10', '0.5')),
    /is read as 0.9 percent/,
  ],
  RULE_SELECTS_EVERYTHING: [sloWith(`ratio: { bad: b, total: '{job!="x"}' }`), /selects every series there is/],
  RULE_BAD_NOT_IN_TOTAL: [
    sloWith(`ratio: { bad: 't{code=~"5.."}', total: 't{job="a"}' }`),
    /t\{code=~"5\.\."\} also counts what total leaves out: other values of "job".*add job="a" to it/s,
  ],
  RULE_UNUSED_SIGNAL: [
    sloWith('expression: { signals: { e: e, s: s, a: a }, bad: e, total: a }'),
    /the signal "s" is counted and no formula uses it/,
  ],
  RULE_NOT_ADDITIVE: [
    sloWith("expression: { signals: { e: e, s: s, a: a }, bad: 'max(e, s)', total: a }"),
    /"bad" is no weighted sum of its signals/,
  ],
  RULE_COMBINE_HIDES_WORST: [
    sloWith("threshold: { metric: m, good: 'value > 1', combine: max }"),
    /a large value is good here.*write combine: min/s,
  ],
  RULE_SLICE_STEP: [
    sloWith("timeSlices: { slice: 50s, good: 'b / t < 1', signals: { b: b, t: t } }"),
    /a slice of 50s is no multiple of the evaluation interval 15s.*take 45s/s,
  ],
  RULE_QUERY_FUNCTION: [sloWith("query: { errorRatio: 'rollup_rate(x[$window])' }"), /no function "rollup_rate"/],
  RULE_UNSTABLE_GROUPING: [slo('groupBy: [tenant, pod]'), /"pod" lives only as long as one process/],
  RULE_NEVER_FIRES: [replaced('99.9', '91'), /the page rule 1h\/5m of policy "standard" can never fire: its threshold/],
  RULE_ONE_FAILURE_BREAKS: [
    slo('traffic: { perMonth: 999 }'),
    /one bad event alone breaks the objective at the traffic given: in the window 30d there are 999 events, of which 0.999 may be bad/,
  ],
  RULE_BEYOND_RETENTION: [
    replaced('30d', '{ calendar: quarter }'),
    /a calendar quarter reaches further back than history is kept, which is 91d/,
    { retentionMs: 91 * dayMs },
  ],
  RULE_LABEL_TAKEN: [
    slo('labels: { severity: critical, team: a, service: checkout }'),
    /the label "severity" would not be seen: every alert has its own/,
  ],
  RULE_UNREACHABLE_POLICY: [
    slo('alerting: { policy: p, page: false }') + policyOf(pageRule),
    /this SLO never alerts: policy "p" has rules for page only, and that is off/,
  ],
}

const policySamples: Readonly<Record<(typeof policyLintCodes)[number], readonly [string, RegExp]>> = {
  RULE_SHORT_NOT_SHORTER: [
    slo(usingP) + policyOf(pageRule.replace('5m', '1h')),
    /the short window 1h is not shorter than the long window 1h/,
  ],
  RULE_UNUSED_POLICY: [slo('description: d') + policyOf(pageRule), /no SLO names the policy "p"/],
}

for (const [code, [text, wording, options]] of Object.entries(samples)) {
  test(`finds ${code}, and leaves it where the SLO allows it`, async () => {
    const found = await problemsOf(text, options)
    assert.deepEqual(codes(found), [code], found.map(formatProblem).join('\n'))
    assert.match(formatProblem(found[0]), wording)
    const allowed = text.replace('  indicator:', `  allow: { ${code}: as wanted }\n  indicator:`)
    const { slos, problems } = await parseRules([{ name: 'a.yaml', text: allowed }], options)
    assert.deepEqual(problems.map(formatProblem), [])
    assert.equal(slos.length, 1)
  })
}

for (const [code, [text, wording]] of Object.entries(policySamples)) {
  test(`finds ${code}, and leaves it where the policy allows it`, async () => {
    const found = await problemsOf(text)
    assert.deepEqual(codes(found), [code], found.map(formatProblem).join('\n'))
    assert.match(formatProblem(found[0]), wording)
    const allowed = text.replace('  for: 0s', `  allow: { ${code}: as wanted }`)
    const { policies, problems } = await parseRules([{ name: 'a.yaml', text: allowed }])
    assert.deepEqual(problems.map(formatProblem), [])
    assert.equal(policies.length, 1)
  })
}

test('every lint has a sample here, and is allowed by its code', () => {
  assert.deepEqual(Object.keys(samples).sort(), [...sloLintCodes].sort())
  assert.deepEqual(Object.keys(policySamples).sort(), [...policyLintCodes].sort())
})

test('does not ask for an allowance to go whose problem was not looked for', async () => {
  const text = slo('allow: { RULE_ONE_FAILURE_BREAKS: three calls a day }')
  assert.deepEqual(await problemsOf(text), [])
  const busy = { perMs: rational(1n, 10n), scope: 'global', group: '' }
  assert.deepEqual(codes(await problemsOf(text, { seenTraffic: new Map([['checkout', busy]]) })), ['RULE_ALLOW_UNUSED'])
})

test('keeps windows to what the engine keeps, where nothing else is known', async () => {
  assert.deepEqual(await problemsOf(replaced('30d', '{ calendar: year }')), [])
  assert.deepEqual(await problemsOf(replaced('30d', '500d')), [])
  const [problem, ...others] = await problemsOf(replaced('30d', '501d'))
  assert.deepEqual(others, [])
  assert.match(formatProblem(problem), /RULE_BEYOND_RETENTION warning: the window 501d reaches .* which is 500d/)
})

test('judges by the traffic seen where none is given, of the scope and group where there was least', async () => {
  assert.deepEqual(await problemsOf(slo(''), seen(2_592_000n)), [])
  const [few] = await problemsOf(slo(''), seen(2_594_595n, 'eu', '{tenant="b"}'))
  assert.match(
    formatProblem(few),
    /one bad event alone breaks the objective at the traffic seen in eu for {tenant="b"}: /,
  )
  assert.deepEqual(await problemsOf(slo('traffic: { perMonth: 2000 }'), seen(2_594_595n)), [])
  const lenient = 'regions: { objectives: { eu: 99 } }'
  assert.deepEqual(await problemsOf(slo(lenient), seen(2_594_595n, 'eu')), [])
})

test('knows which bad events the total is without, and is silent where it cannot know', async () => {
  const left = await Promise.all(
    [
      ['a{code=~"5.."}', 'a'],
      ['a{code="500",job="x"}', 'a{job="x"}'],
      ['a{code="500",job="x"}', 'a{job=~"x|y"}'],
      ['a{code=~"500|503",job="x"}', 'a{code!="404",job="x"}'],
      ['a{code=~"5..",job="x"}', 'a{code!~"4..",job="x"}'],
      ['a{code=~"5..",job=~".+"}', 'a{job!=""}'],
      ['a{le="1"}', 'a{le="1.0"}'],
      ['errors_total{}', 'requests_total{job="x"}'],
      ['{job="x",name="errors"}', 'a{job="y"}'],
      ['a{job="x"} - a{code="404"}', 'a{job="x"}'],
      ['a{shard=~"1|2",code="500"}', 'a{shard="1"} + a{shard="2"}'],
    ].map(notInTotal),
  )
  assert.deepEqual(
    left.filter((message) => message !== undefined),
    [],
  )
})

test('names a series that is bad and not in total', async () => {
  const cases = [
    ['a{code=~"5.."}', 'a{job="x"}', /other values of "job"/],
    ['a{code=~"5..",job="x"}', 'a{code!="503",job="x"}', /code="503"/],
    ['a{code=~"[45]..",job="x"}', 'a{code!~"4..",job="x"}', /code="400"/],
    ['a{code="500"}', 'a{code="500",job!=""}', /series without "job"/],
    ['a{job=~"x|y"}', 'a{job="x"}', /job="y"/],
    ['b + a', 'b + a{job="x"}', /^a also counts/],
    ['a{code="500"}', 'a{job="x"} + a{region="eu"}', /other values of "job" and other values of "region"/],
  ] as const
  for (const [bad, total, wording] of cases) assert.match((await notInTotal([bad, total])) ?? 'nothing', wording)
})

test('looks for events outside the total in good events and in sums of signals too', async () => {
  const good = await problemsOf(sloWith(`ratio: { good: 'a{code="200"}', total: 'a{job="x"}' }`))
  assert.deepEqual(codes(good), ['RULE_BAD_NOT_IN_TOTAL'])
  const signals = `signals: { e: 'a{code="500"}', s: 'slow', t: 'a{job="x"}' }`
  const sum = await problemsOf(sloWith(`expression: { ${signals}, bad: 'e + s', total: t }`))
  assert.deepEqual(codes(sum), ['RULE_BAD_NOT_IN_TOTAL'])
  assert.equal(sum[0].at.path, '/spec/indicator/expression/signals/e')
  const weighted = await problemsOf(sloWith(`expression: { ${signals}, bad: '2 * e + s', total: t }`))
  assert.deepEqual(weighted, [])
})

test('says when a good expression or its total is not additive, once', async () => {
  const good = await problemsOf(sloWith("expression: { signals: { e: e, a: a }, good: 'a - e + 1', total: a }"))
  assert.deepEqual(
    good.map(({ code, at }) => `${code} ${at.path}`),
    ['RULE_NOT_ADDITIVE /spec/indicator/expression/good'],
  )
  const total = await problemsOf(sloWith("expression: { signals: { e: e, a: a }, good: 'a - e', total: 'abs(a)' }"))
  assert.deepEqual(
    total.map(({ code, at }) => `${code} ${at.path}`),
    ['RULE_NOT_ADDITIVE /spec/indicator/expression/total'],
  )
})

test('tells from the condition which of several gauges must decide', async () => {
  const cases = [
    ['value < 3', 'max', false],
    ['value < 3', 'min', true],
    ['3 > value', 'min', true],
    ['value > 3', 'min', false],
    ['value > 3', undefined, true],
    ['not (value > 3)', 'max', false],
    ['not (value > 3)', 'min', true],
    ['value > 1 and value >= 2', 'max', true],
    ['value > 1 and value < 5', 'max', false],
    ['value == 1', 'max', false],
    ['value > 3', 'mean', false],
  ] as const
  for (const [good, combine, isHidden] of cases) {
    const written = combine === undefined ? '' : `, combine: ${combine}`
    const found = await problemsOf(sloWith(`threshold: { metric: m, good: '${good}'${written} }`))
    assert.deepEqual(codes(found), isHidden ? ['RULE_COMBINE_HIDES_WORST'] : [], `${good} ${combine}`)
  }
})

test('measures slices by the interval of the engine, where it is known', async () => {
  const text = sloWith("timeSlices: { slice: 1m, good: 'b / t < 1', signals: { b: b, t: t } }")
  assert.deepEqual(await problemsOf(text), [])
  assert.deepEqual(codes(await problemsOf(text, { evaluationStepMs: 25_000 })), ['RULE_SLICE_STEP'])
  assert.deepEqual(await problemsOf(text, { evaluationStepMs: minuteMs }), [])
})

test('counts slices where one failure could break the objective, and traffic exactly at the limit as enough', async () => {
  const slices = "timeSlices: { slice: 5m, good: 'b / t < 1', signals: { b: b, t: t } }"
  const found = await problemsOf(sloWith(slices).replace('99.9', '99.99'))
  assert.match(found.map(formatProblem).join(), /one bad slice alone breaks .* 8640 slices, of which 0.864 may be bad/)
  assert.deepEqual(codes(await problemsOf(slo('traffic: { perMonth: 1000 }'))), [])
  assert.deepEqual(codes(await problemsOf(slo('traffic: { perSecond: 0.0003 }'))), ['RULE_ONE_FAILURE_BREAKS'])
})

test('checks the objective of every region against the policy, and calendar windows by their shortest period', async () => {
  const regions = await problemsOf(slo('regions: { objectives: { eu: 92, us: 99 } }'))
  assert.deepEqual(
    regions.map(({ code, at }) => `${code} ${at.path}`),
    ['RULE_NEVER_FIRES /spec/regions/objectives/eu'],
  )
  assert.match(regions[0].message, /can never fire in region eu/)
  // 2 % in an hour is 13.44 times the budget of February, which 7.5 % is enough for, and 14.88 times that of January.
  assert.deepEqual(await problemsOf(replaced('30d', '{ calendar: month }').replace('99.9', '92.57')), [])
  const never = await problemsOf(replaced('30d', '{ calendar: month }').replace('99.9', '92.55'))
  assert.deepEqual(codes(never), ['RULE_NEVER_FIRES'])
})

test('says that nothing comes of setting up a severity without rules', async () => {
  const found = await problemsOf(slo('alerting: { policy: p, ticket: { labels: { a: b } } }') + policyOf(pageRule))
  assert.match(found.map(formatProblem).join(), /RULE_UNREACHABLE_POLICY .* no rule with severity ticket/)
  assert.equal(found.length, 1)
})

test('calls a policy used that only an SLO with a mistake names', async () => {
  const found = await problemsOf(slo('alerting: { policy: p, pager: true }') + policyOf(pageRule))
  assert.deepEqual(codes(found), ['UNKNOWN_KEY'])
})

async function notInTotal([bad, total]: readonly string[]): Promise<string | undefined> {
  const found = await problemsOf(sloWith(`ratio: { bad: '${bad}', total: '${total}' }`))
  return found.find(({ code }) => code === 'RULE_BAD_NOT_IN_TOTAL')?.message
}

/** One event in so many milliseconds. */
function seen(everyMs: bigint, scope = 'global', group = ''): LintOptions {
  return { seenTraffic: new Map([['checkout', { perMs: rational(1n, everyMs), scope, group }]]) }
}

async function problemsOf(text: string, options: LintOptions = {}) {
  return (await parseRules([{ name: 'a.yaml', text }], options)).problems
}

function codes(problems: readonly { readonly code: string }[]): string[] {
  return problems.map(({ code }) => code)
}
