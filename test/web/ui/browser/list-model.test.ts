import assert from 'node:assert/strict'
import { test } from 'node:test'
import { assert as assertProperty, constantFrom, property, subarray } from 'fast-check'
import {
  burnWindows,
  chosenRows,
  countByCondition,
  groupingLabels,
  type ListChoice,
  labelsIn,
  lasting,
  linesOf,
  wholeAvailability,
} from '../../../../src/web/ui/browser/list-model.ts'
import type { SloRow } from '../../../../src/web/ui/browser/wire.ts'

const everything: ListChoice = {
  search: '',
  states: [],
  service: '',
  region: '',
  labels: new Map(),
  group: '',
  sort: 'urgency',
  isReversed: false,
}

test('puts what burns first, what nobody sees just below it, and what lasts shortest first within', () => {
  const rows = [
    aRow('fine'),
    aRow('dark', { condition: 'no-data', remaining: null }),
    aRow('slow', { condition: 'ticket' }),
    aRow('page-late', { condition: 'page', remaining: 0.9 }),
    aRow('page-soon', { condition: 'page', remaining: 0.1 }),
    aRow('idle', { condition: 'no-traffic' }),
  ]
  assert.deepEqual(names(chosenRows(rows, everything)), ['page-soon', 'page-late', 'slow', 'dark', 'idle', 'fine'])
})

test('sorts what is not known behind what is, and turns the order round', () => {
  const rows = [aRow('a', { remaining: null }), aRow('b', { remaining: -0.5 }), aRow('c', { remaining: 0.5 })]
  assert.deepEqual(names(chosenRows(rows, { ...everything, sort: 'budget' })), ['b', 'c', 'a'])
  assert.deepEqual(names(chosenRows(rows, { ...everything, sort: 'budget', isReversed: true })), ['a', 'c', 'b'])
})

test('shows rows whose labels have the values that are chosen, all of them, and to the letter', () => {
  const rows = [
    aRow('a', { labels: { team: 'web', tier: '1' } }),
    aRow('b', { labels: { team: 'web', tier: '2' } }),
    aRow('c', { labels: { team: 'web-2', tier: '1' } }),
    aRow('d', { labels: {} }),
  ]
  const shown = (labels: Readonly<Record<string, string>>) =>
    names(chosenRows(rows, { ...everything, labels: new Map(Object.entries(labels)), sort: 'name' }))
  assert.deepEqual(shown({ team: 'web' }), ['a', 'b'])
  assert.deepEqual(shown({ team: 'web', tier: '1' }), ['a'])
  assert.deepEqual(shown({ env: 'prod' }), [])
  assert.deepEqual(
    [...labelsIn(rows)],
    [
      ['team', ['web', 'web-2']],
      ['tier', ['1', '2']],
    ],
  )
})

test('finds by words and by label:value, all of which must hold', () => {
  const rows = [
    aRow('checkout-latency', { service: 'checkout', labels: { team: 'payments', tier: '1' } }),
    aRow('checkout-errors', { service: 'checkout', labels: { team: 'web', tier: '2' } }),
    aRow('search', { service: 'search', labels: { team: 'web', note: 'a:b' }, condition: 'page' }),
  ]
  const found = (search: string) => names(chosenRows(rows, { ...everything, search, sort: 'name' }))
  assert.deepEqual(found('CHECKOUT'), ['checkout-errors', 'checkout-latency'])
  assert.deepEqual(found('checkout team:pay'), ['checkout-latency'])
  assert.deepEqual(found('tier:2'), ['checkout-errors'])
  assert.deepEqual(found('service:search'), ['search'])
  assert.deepEqual(found('state:page'), ['search'])
  assert.deepEqual(found('region:eu'), ['checkout-errors', 'checkout-latency', 'search'])
  assert.deepEqual(found('a:b'), ['search'])
  assert.deepEqual(found('nothing'), [])
})

test('a filter only ever takes rows away', () => {
  const rows = [aRow('a'), aRow('b', { condition: 'page' }), aRow('c', { service: 'other' })]
  assertProperty(
    property(
      subarray(['page', 'ok', 'stale'] as const),
      constantFrom('', 'checkout', 'other'),
      constantFrom('', 'a', 'team:web'),
      (states, service, search) => {
        const shown = chosenRows(rows, { ...everything, states, service, search })
        assert.ok(shown.every((row) => rows.includes(row)))
        assert.ok(shown.every((row) => states.length === 0 || states.some((state) => state === row.condition)))
        assert.ok(shown.every((row) => service === '' || row.service === service))
      },
    ),
  )
})

test('puts rows under the heads of their groups, the most urgent group first', () => {
  const rows = chosenRows(
    [aRow('a', { service: 'x' }), aRow('b', { service: 'y', condition: 'page' }), aRow('c', { service: 'x' })],
    everything,
  )
  const told = linesOf(rows, 'service').map((line) =>
    line.kind === 'group' ? `${line.name} ${line.count}` : line.row.name,
  )
  assert.deepEqual(told, ['y 1', 'b', 'x 2', 'a', 'c'])
  assert.equal(linesOf(rows, '').length, 3)
})

test('groups by labels that tell some apart, and not by those that tell each one', () => {
  const rows = [
    aRow('a', { labels: { team: 'x', id: '1' } }),
    aRow('b', { labels: { team: 'x', id: '2' } }),
    aRow('c', { labels: { team: 'y', id: '3' } }),
  ]
  assert.deepEqual(groupingLabels(rows), ['team'])
})

test('a budget lasts as long as its burn rate says', () => {
  // Half of the budget of 30 d, at twice the speed that spends it in 30 d: a quarter of them.
  assert.deepEqual(lasting(aRow('a', { remaining: 0.5, burns: burnsOf(2) })), { seconds: 7.5 * 86_400, window: '6h' })
  assert.deepEqual(lasting(aRow('a', { remaining: 0.5, burns: burnsOf(0) })).seconds, Number.POSITIVE_INFINITY)
  assert.deepEqual(lasting(aRow('a', { remaining: -0.1, burns: burnsOf(2) })).seconds, 0)
  assert.deepEqual(lasting(aRow('a', { remaining: 0.5, burns: burnsOf(null) })).seconds, null)
  assert.deepEqual(lasting(aRow('a', { remaining: null })).seconds, null)
})

test('counts events over all rows, and says of how many nothing is known', () => {
  const rows = [
    aRow('a', { sli: 0.9, total: 1_000 }),
    aRow('b', { sli: 1, total: 9_000 }),
    aRow('c', { sli: null, total: null }),
  ]
  const { sli, unknown } = wholeAvailability(rows)
  assert.ok(sli !== null && Math.abs(sli - 0.99) < 1e-12)
  assert.equal(unknown, 1)
  assert.deepEqual(wholeAvailability([]), { sli: null, unknown: 0 })
})

test('shows the windows that most SLOs have, shortest first', () => {
  const many = Array.from({ length: 3 }, (_, index) => aRow(`a${index}`))
  assert.deepEqual(burnWindows([...many, aRow('b', { burns: [{ window: '5m', rate: 1, exceeds: null }] })]), [
    '1h',
    '6h',
    '1d',
    '3d',
  ])
  assert.equal(countByCondition(many).get('ok'), 3)
})

function names(rows: readonly SloRow[]): readonly string[] {
  return rows.map(({ name }) => name)
}

function burnsOf(rate: number | null): SloRow['burns'] {
  return ['1h', '6h', '1d', '3d'].map((window) => ({ window, rate, exceeds: null }))
}

function aRow(name: string, changes: Partial<SloRow> = {}): SloRow {
  return {
    name,
    service: 'checkout',
    labels: {},
    objective: 0.999,
    unit: 'events',
    secondsEach: null,
    window: '30d',
    windowSeconds: 30 * 86_400,
    condition: 'ok',
    since: null,
    scope: 'global',
    state: 'ok',
    problem: null,
    sli: 0.9999,
    coverage: 1,
    remaining: 0.9,
    eventsLeft: 900,
    total: 1_000_000,
    at: 1,
    burns: burnsOf(1),
    regions: [{ region: 'eu-west-1', condition: 'ok', state: 'ok', remaining: 0.9, burn: 1, window: '6h' }],
    ...changes,
  }
}
