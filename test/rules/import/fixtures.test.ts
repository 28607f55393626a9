import assert from 'node:assert/strict'
import { basename } from 'node:path'
import { test } from 'node:test'
import { formatProblem } from '../../../src/core/model/problem.ts'
import { parseRules } from '../../../src/rules/parse-rules.ts'
import { fixtureFiles, withoutFixtures } from './fixture-files.ts'

/** The examples that cannot be used as they are, and why. */
const refused: readonly (readonly [file: string, reasons: readonly RegExp[]])[] = [
  ['plugin-getting-started.yml', [/:14:13: IMPORT_REFUSED the SLI plugin "getting_started_availability" is a program/]],
  ['plugin-k8s-getting-started.yml', [/:28:15: IMPORT_REFUSED the SLI plugin "getting_started_availability" is/]],
  ['budgeting-method-occurences-slo.yaml', [/:17:17: IMPORT_REFUSED the query is for "Any", and sloburn reads PromQL/]],
  ['budgeting-method-ratio-timeslices.yaml', [/:18:19: IMPORT_REFUSED the query is/, /:23:19: IMPORT_REFUSED/]],
  [
    'budgeting-method-timeslices-slo.yaml',
    [
      /:18:19: IMPORT_REFUSED the query is for "Any"/,
      /:23:19: IMPORT_REFUSED the query is for "Any"/,
      /:27:17: IMPORT_REFUSED a calendar window of 1m is no period.*1 month is 1M/s,
    ],
  ],
  [
    'treat-low-traffic-as-equally-important-timeslices-slo.yaml',
    [/:16:19: IMPORT_REFUSED the query is for "Any"/, /:21:19: IMPORT_REFUSED the query is for "Any"/],
  ],
]

/** How many SLOs each of the others declares, where it is not one. */
const declared: Readonly<Record<string, number>> = {
  'contrib-slo-plugins.yml': 2,
  'home-wifi.yml': 2,
  'k8s-home-wifi.yml': 2,
  'k8s-multifile.yml': 2,
  'kubernetes-apiserver.yml': 2,
  'multifile.yml': 2,
  'openslo-kubernetes-apiserver.yml': 3,
  'victoria-metrics.yml': 2,
  'nginx.yaml': 2,
  'v1-alert_conditions.yaml': 0,
  'v1-alert_notification_targets.yaml': 0,
  'v1-alert_policies.yaml': 0,
  'v1-data_sources.yaml': 0,
  'v1-services.yaml': 0,
  'v1-slis.yaml': 0,
}

for (const tool of ['sloth', 'pyrra', 'openslo'] as const) {
  test(`every example of ${tool} is accepted, or refused for the reason on record`, {
    skip: withoutFixtures,
  }, async () => {
    const files = fixtureFiles(tool)
    assert.ok(files.length > 10)
    for (const file of files) {
      const name = basename(file.name)
      const { slos, problems } = await parseRules([file])
      const errors = problems.filter(({ severity }) => severity === 'error').map(formatProblem)
      const reasons = refused.find(([refusedName]) => refusedName === name)?.[1] ?? []
      assert.equal(errors.length, reasons.length, `${name}:\n${errors.join('\n')}`)
      for (const [index, reason] of reasons.entries()) assert.match(errors[index], reason)
      assert.equal(slos.length, reasons.length > 0 ? 0 : (declared[name] ?? 1), name)
    }
  })
}

test('all examples of OpenSLO and Sloth can be read together', { skip: withoutFixtures }, async () => {
  const files = (['sloth', 'openslo'] as const).flatMap(fixtureFiles)
  const { problems } = await parseRules(files)
  const codes = new Set(problems.filter(({ severity }) => severity === 'error').map(({ code }) => code))
  assert.deepEqual([...codes].toSorted(), ['IMPORT_REFUSED', 'RULE_DUPLICATE_NAME'])
})
