import assert from 'node:assert/strict'
import { test } from 'node:test'
import { annotationsShownMax } from '../../src/core/model/limits.ts'
import type { Happenings } from '../../src/ports/happenings.ts'
import { happeningMetrics } from '../../src/telemetry/happening-metrics.ts'
import { promMeter } from '../../src/telemetry/prom-meter.ts'

const nothing: Happenings = { incidents: [], annotations: [], maintenances: [] }

const deploy = {
  id: 'a1',
  kind: 'deploy',
  text: '4f2c1a9',
  service: 'shop',
  region: null,
  at: 1_700_000_000_000,
  url: null,
  createdBy: 'ci',
}

async function shown(...happenings: readonly Happenings[]): Promise<string[]> {
  const { registry } = promMeter()
  let index = 0
  happeningMetrics(registry, () => happenings[Math.min(index, happenings.length - 1)] ?? nothing)
  let lines: string[] = []
  for (index = 0; index < happenings.length; index++) {
    lines = (await registry.metrics()).split('\n').filter((line) => line.startsWith('slo_'))
  }
  return lines
}

test('shows incidents, changes and maintenance while they last', async () => {
  const lines = await shown({
    incidents: [
      { id: 'i1', slo: 'checkout', service: 'shop', severity: 'page', openedAt: 1_700_000_060_000, budgetSpent: 0.25 },
    ],
    annotations: [deploy],
    maintenances: [{ id: 'm1', about: 'all', reason: 'move', author: 'ops', excludeFromBudget: true }],
  })
  assert.deepEqual(lines, [
    'slo_incident_opened_timestamp_seconds{incident="i1",slo="checkout",service="shop",severity="page"} 1700000060',
    'slo_incident_budget_spent_ratio{incident="i1",slo="checkout",service="shop",severity="page"} 0.25',
    'slo_annotation_timestamp_seconds{annotation="a1",kind="deploy",text="4f2c1a9",service="shop",region=""} 1700000000',
    'slo_maintenance_active{maintenance="m1",about="all",reason="move",author="ops",budget="excluded"} 1',
  ])
})

test('shows nothing of what is over', async () => {
  const incident = {
    id: 'i1',
    slo: 'checkout',
    service: 'shop',
    severity: 'ticket',
    openedAt: 0,
    budgetSpent: null,
  } as const
  assert.deepEqual(await shown({ ...nothing, incidents: [incident] }, nothing), [])
})

test('shows a limited number of annotations, and of a long text its beginning', async () => {
  const many = Array.from({ length: annotationsShownMax + 10 }, (_, index) => ({ ...deploy, id: `a${index}` }))
  assert.equal((await shown({ ...nothing, annotations: many })).length, annotationsShownMax)
  const [line = ''] = await shown({ ...nothing, annotations: [{ ...deploy, text: 'x'.repeat(5_000) }] })
  assert.ok(line.length < 500 && line.includes('x…"'), line)
})
