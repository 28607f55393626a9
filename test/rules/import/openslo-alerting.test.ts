import assert from 'node:assert/strict'
import { test } from 'node:test'
import { condition, member, openslo, other, policy } from './openslo-documents.ts'
import { read } from './reading.ts'

test('without a policy that alerts on its budget an SLO does not alert, which is said', async () => {
  const { slos, problems } = await read(openslo())
  assert.deepEqual(slos[0].alerting.severities, { page: false, ticket: false })
  assert.deepEqual(
    problems.map(({ code }) => code),
    ['IMPORT_ASSUMED'],
  )
})

test('the conditions of all policies are the rules of one, with a second window each', async () => {
  const rest = `alertPolicies: [${policy('fast', condition(''))}, ${policy('slow', condition('').replace('page', 'ticket').replace('1h', '3d'))}]`
  const { slos, problems } = await read(openslo({ rest }))
  const { policy: made } = slos[0].alerting
  assert.equal(made.name, 'fast-and-slow')
  assert.deepEqual(
    made.rules.map(({ severity, longMs, shortMs }) => [severity, longMs, shortMs]),
    [
      ['page', 3_600_000, 300_000],
      ['ticket', 3 * 86_400_000, 6 * 3_600_000],
    ],
  )
  assert.equal(made.forMs, 300_000)
  assert.equal(problems.filter(({ message }) => message.startsWith('one window becomes two')).length, 2)
})

test('whatever the operator, an alert is on a high burn rate', async () => {
  const rest = `alertPolicies: [${policy('p', condition('').replace('op: gt', 'op: lte'))}]`
  const { slos, problems } = await read(openslo({ rest }))
  assert.equal(slos[0].alerting.policy.rules.length, 1)
  assert.ok(problems.some(({ message }) => message.startsWith('op: lte becomes above')))
})

test('the targets of a policy are a label that routes can match', async () => {
  const withTargets = policy('p', condition('')).replace(
    / \} \}$/,
    ', notificationTargets: [{ targetRef: oncall }] } }',
  )
  const { slos, problems } = await read(openslo({ rest: `alertPolicies: [${withTargets}]` }))
  assert.deepEqual([...slos[0].alerting.labels], [['notification_target', 'oncall']])
  assert.ok(problems.some(({ hint }) => hint === 'add a route for this label to the engine config'))
})

test('inline policies of one name that say different things are two', async () => {
  const [one, another] = [condition(''), condition('').replace('14.4', '10')].map(
    (spec) => `alertPolicies: [${policy('p', spec)}]`,
  )
  const { slos, problems } = await read(openslo({ rest: one }), openslo({ rest: another, name: 'b' }))
  assert.deepEqual(
    slos.map(({ alerting }) => alerting.policy.name),
    ['p', 'p-b'],
  )
  assert.ok(problems.some(({ code }) => code === 'IMPORT_RENAMED'))
})

test('a policy with the name of a built-in one gets another', async () => {
  const { slos } = await read(openslo({ rest: `alertPolicies: [${policy('workbook', condition(''))}]` }))
  assert.equal(slos[0].alerting.policy.name, 'openslo-workbook')
})

test('a policy is declared once for all SLOs that refer to it, from the file it stands in', async () => {
  const rest = 'alertPolicies: [{ alertPolicyRef: p }]'
  const declared =
    other('AlertPolicy', 'p', `{ conditions: [{ conditionRef: c }] }`) + other('AlertCondition', 'c', condition(''))
  const { slos, policies, problems } = await read(
    openslo({ rest }),
    openslo({ rest, name: 'b' }),
    declared.replace('---\n', ''),
  )
  assert.equal(policies.length, 1)
  assert.ok(slos.every(({ alerting }) => alerting.policy === policies[0]))
  assert.deepEqual(
    problems.map(({ code, at }) => [code, at.file]),
    [['IMPORT_CHANGED', 'c.yaml']],
  )
})

test('a composite of one target is a weighted composite of SLOs without alerts', async () => {
  const choices = { indicator: '', rest: `alertPolicies: [${policy('p', condition(''))}]` }
  const { slos } = await read(openslo({ ...choices, objectives: `[${member('x', 1)}, ${member('y', 2)}]` }))
  assert.deepEqual(slos[0].indicator, {
    kind: 'composite',
    combine: 'weighted',
    of: [
      { slo: 'a-1', weight: 1 },
      { slo: 'a-2', weight: 2 },
    ],
  })
  assert.deepEqual(
    slos.map(({ alerting }) => alerting.severities.page),
    [true, false, false],
  )
  const unequal = openslo({ ...choices, objectives: `[${member('x', 1)}, ${member('y', 2).replace('0.99', '0.9')}]` })
  const { slos: apart, problems } = await read(unequal)
  assert.deepEqual(
    apart.map(({ indicator }) => indicator.kind),
    ['events', 'events'],
  )
  assert.ok(problems.some(({ message }) => message.startsWith('the weights are left out')))
})
