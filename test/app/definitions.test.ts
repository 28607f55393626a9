import assert from 'node:assert/strict'
import { test } from 'node:test'
import { definitions, rulesRecord } from '../../src/app/definitions.ts'
import type { SloDefinition } from '../../src/ports/definition-view.ts'
import { parseRules } from '../../src/rules/parse-rules.ts'

const now = Date.UTC(2026, 10, 21, 12)

test('tells where an SLO is declared, its text, and what it counts', async () => {
  const { at, source, indicator } = await defined(
    '# what buyers feel',
    'latency: { histogram: \'request_seconds{job="a"}\', below: 1s }',
  )
  assert.deepEqual([at.file, at.line], ['a.yaml', 4])
  assert.match(source, /^# what buyers feel\napiVersion: sloburn\/v1\nkind: SLO\n/)
  assert.deepEqual([indicator.kind, indicator.below], ['latency', '1s'])
  assert.deepEqual(
    indicator.signals.map(({ name, selector }) => `${name} ${selector}`),
    ['good request_seconds_bucket{job="a",le="1"}', 'total request_seconds_count{job="a"}'],
  )
  // Prometheus 3 writes 1.0.
  assert.equal(indicator.signals[0].query, 'sum(increase(request_seconds_bucket{job="a",le=~"1(\\\\.0)?"}[5m]))')
  assert.deepEqual(
    indicator.formulas.map(({ name, text }) => `${name} = ${text}`),
    ['bad = total - good', 'total = total'],
  )
})

test('puts every kind of indicator into words', async () => {
  assert.deepEqual(await shown('ratio: { bad: a_total - b_total, total: c_total }'), [
    'ratio',
    'bad: sum(increase(a_total[5m])) - sum(increase(b_total[5m]))',
    'total: sum(increase(c_total[5m]))',
    'bad',
    'total',
  ])
  assert.deepEqual(await shown('threshold: { metric: lag_seconds, good: value < 3 }'), [
    'threshold',
    'value: max(lag_seconds)',
    'value < 3',
  ])
  assert.deepEqual(
    await shown("query: { bad: 'sum(increase(a_total[$window]))', total: 'sum(increase(b_total[$window]))' }"),
    ['query', 'bad: sum(increase(a_total[5m]))', 'total: sum(increase(b_total[5m]))'],
  )
})

test('has the definition of an SLO for each of its groups, and none for what is not declared', async () => {
  const { slos, files } = await read('', 'ratio: { bad: a_total, total: b_total }')
  const view = definitions(() => ({ config: { sources: [] }, slos, files, record: rulesRecord(files, now) }))
  assert.equal(view.definition('checkout{namespace="a"}')?.at.file, 'a.yaml')
  assert.equal(view.definition('nothing'), undefined)
})

test('says when rules were read, and when reading them brought others', () => {
  const [one, other] = ['kind: SLO', 'kind: SLO # changed'].map((text) => [{ name: 'a.yaml', text }])
  const first = rulesRecord(one, now)
  assert.deepEqual([first.readAt, first.changedAt], [now, null])
  const same = rulesRecord(one, now + 1, first)
  assert.deepEqual([same.readAt, same.changedAt, same.hash], [now + 1, null, first.hash])
  const changed = rulesRecord(other, now + 2, same)
  assert.deepEqual([changed.readAt, changed.changedAt], [now + 2, now + 2])
  assert.notEqual(changed.hash, first.hash)
  assert.equal(rulesRecord(other, now + 3, changed).changedAt, now + 2)
  // What stands in which file is part of it.
  assert.notEqual(rulesRecord([{ name: 'b.yaml', text: 'kind: SLO' }], now).hash, first.hash)
})

async function defined(comment: string, indicator: string): Promise<SloDefinition> {
  const { slos, files } = await read(comment, indicator)
  const record = rulesRecord(files, now)
  const definition = definitions(() => ({ config: { sources: [] }, slos, files, record })).definition('checkout')
  assert.ok(definition)
  return definition
}

async function read(comment: string, indicator: string) {
  const text = `${comment}
apiVersion: sloburn/v1
kind: SLO
metadata: { name: checkout }
spec:
  service: checkout
  objective: 99
  window: 30d
  indicator:
    ${indicator}
`
  const files = [{ name: 'a.yaml', text }]
  const { slos, problems } = await parseRules(files)
  assert.deepEqual(
    problems.filter(({ severity }) => severity === 'error'),
    [],
  )
  return { slos, files }
}

/** The kind, what is counted and how it is reckoned, in order. */
async function shown(text: string): Promise<readonly string[]> {
  const { kind, signals, formulas } = (await defined('', text)).indicator
  return [kind, ...signals.map((one) => `${one.name}: ${one.query}`), ...formulas.map((one) => one.text)]
}
