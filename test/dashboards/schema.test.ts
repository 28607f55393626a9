import assert from 'node:assert/strict'
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { Ajv } from 'ajv'
import { dashboardText, makeDashboards } from '../../src/dashboards/make-dashboards.ts'
import { everyInput } from '../support/dashboard-inputs.ts'
import { repositoryRoot } from '../support/repository-files.ts'

const folder = join(repositoryRoot, '../shared/fixtures/grafana')
const skip = existsSync(folder) ? false : 'optional: ../shared/fixtures/grafana, the schemas of Grafana, is not here'

/**
 * What the schemas say of fields that hold anything at all, because their generator knows no other word for it. The types of the
 * foundation SDK, which come from the same source, have `any` there.
 */
const anything = JSON.stringify({ type: 'object', additionalProperties: {} }).slice(1, -1)

/** A schema in which the fields that hold anything take anything. */
function schemaOf(file: string): object {
  const text = JSON.stringify(JSON.parse(readFileSync(join(folder, file), 'utf8')))
  assert.ok(text.includes(anything), 'the schemas know a word for anything now')
  return JSON.parse(text.replaceAll(anything, '"description":"anything"'))
}

test('every dashboard follows the classic schema of Grafana', { skip }, async () => {
  const validate = new Ajv({ strict: false, allErrors: true, validateFormats: false }).compile(
    schemaOf('dashboard.jsonschema.json'),
  )
  for (const { name, slos, settings } of await everyInput()) {
    for (const made of makeDashboards(slos, settings)) {
      const isValid = validate(JSON.parse(dashboardText(made, 'classic', 'SLO')))
      assert.ok(isValid, `${name} ${made.uid}: ${JSON.stringify(validate.errors?.slice(0, 3))}`)
    }
  }
})

test('every dashboard follows the schema v2 of Grafana', { skip }, async () => {
  const schema = { ...schemaOf('dashboardv2.jsonschema.json'), $ref: '#/definitions/Dashboard' }
  const validate = new Ajv({ strict: false, allErrors: true, validateFormats: false }).compile(schema)
  for (const { name, slos, settings } of await everyInput()) {
    for (const made of makeDashboards(slos, settings)) {
      const { apiVersion, kind, metadata, spec } = JSON.parse(dashboardText(made, 'v2', 'SLO'))
      assert.deepEqual({ apiVersion, kind, name: metadata.name }, resource(made.uid))
      assert.ok(validate(spec), `${name} ${made.uid}: ${JSON.stringify(validate.errors?.slice(0, 3))}`)
    }
  }
})

test('the schemas find what is wrong', { skip }, async () => {
  const [{ slos, settings }] = await everyInput()
  const [made] = makeDashboards(slos, settings)
  const classic = JSON.parse(dashboardText(made, 'classic', 'SLO'))
  const validate = new Ajv({ strict: false, validateFormats: false }).compile(schemaOf('dashboard.jsonschema.json'))
  assert.ok(!validate({ ...classic, refresh: 5 }))
  assert.ok(!validate({ ...classic, panels: [{ ...classic.panels[1], colour: 'red' }] }))
})

function resource(name: string) {
  return { apiVersion: 'dashboard.grafana.app/v2', kind: 'Dashboard', name }
}
