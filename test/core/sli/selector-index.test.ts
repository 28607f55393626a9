import assert from 'node:assert/strict'
import { test } from 'node:test'
import * as fc from 'fast-check'
import { labelsOf } from '../../../src/core/model/labels.ts'
import type { Matcher, Selector } from '../../../src/core/model/selector.ts'
import { compileMatchers } from '../../../src/core/sli/match-selector.ts'
import { SelectorIndex } from '../../../src/core/sli/selector-index.ts'

test('finds exactly the selectors that a look at each of them finds, in the order added', () => {
  fc.assert(
    fc.property(
      fc.array(anySelector, { maxLength: 30 }),
      fc.array(anySeries, { maxLength: 10 }),
      (selectors, allSeries) => {
        const index = indexOf(selectors)
        for (const labels of allSeries) {
          const expected = selectors.flatMap((selector, position) => (accepts(selector, labels) ? [position] : []))
          assert.deepEqual(index.match(labels), expected)
        }
      },
    ),
    { numRuns: 300 },
  )
})

test('finds what is added after the first look-up', () => {
  const index = new SelectorIndex<string>()
  const labels = labelsOf([['job', 'a']])
  assert.deepEqual(index.match(labels), [])
  index.add({ matchers: [{ label: 'job', operator: '=', value: 'a' }] }, 'later')
  assert.deepEqual(index.match(labels), ['later'])
})

test('tries only a handful of 10 000 selectors that share a metric name and differ by job', () => {
  const index = indexOf(
    Array.from({ length: 10_000 }, (_, id) => ({
      matchers: [
        name('http_requests_total'),
        equal('job', `svc-${id >> 1}`),
        { label: 'code', operator: '=~', value: '5..' },
      ],
    })),
  )
  const labels = labelsOf([
    ['__name__', 'http_requests_total'],
    ['job', 'svc-77'],
    ['code', '500'],
  ])
  assert.equal(index.candidateCount(labels), 2)
  assert.deepEqual(index.match(labels), [154, 155])
})

test('tries only a handful of 10 000 selectors that share a cluster and differ by metric name', () => {
  const index = indexOf(
    Array.from({ length: 10_000 }, (_, id) => ({ matchers: [name(`m${id}_total`), equal('cluster', 'eu')] })),
  )
  const labels = labelsOf([
    ['__name__', 'm42_total'],
    ['cluster', 'eu'],
  ])
  assert.equal(index.candidateCount(labels), 1)
})

test('files a selector for a list of names under each of them', () => {
  const selectors = Array.from({ length: 100 }, (_, id) => ({
    matchers: [{ label: '__name__', operator: '=~', value: `a${id}|b${id}` } as const],
  }))
  const index = indexOf(selectors)
  assert.deepEqual(index.match(labelsOf([['__name__', 'b7']])), [7])
  assert.equal(index.candidateCount(labelsOf([['__name__', 'b7']])), 1)
})

test('refuses a selector that no parser would have let through', () => {
  const index = new SelectorIndex<number>()
  assert.throws(() => index.add({ matchers: [{ label: 'a', operator: '=~', value: '(' }] }, 1), /regular expression/)
})

const labelNames = ['__name__', 'job', 'code']
const values = ['a', 'b', 'c', '']

const anyMatcher: fc.Arbitrary<Matcher> = fc.oneof(
  fc.record({
    label: fc.constantFrom(...labelNames),
    operator: fc.constantFrom('=' as const, '!=' as const),
    value: fc.constantFrom(...values),
  }),
  fc.record({
    label: fc.constantFrom(...labelNames),
    operator: fc.constantFrom('=~' as const, '!~' as const),
    value: fc.constantFrom('a|b', 'a|', '.*', '.+', '[bc]', 'b', ''),
  }),
)
const anySelector: fc.Arbitrary<Selector> = fc.record({ matchers: fc.array(anyMatcher, { maxLength: 4 }) })
const anySeries = fc
  .array(fc.tuple(fc.constantFrom(...labelNames), fc.constantFrom(...values)), { maxLength: 3 })
  .map((entries) => labelsOf(new Map(entries)))

function indexOf(selectors: readonly Selector[]): SelectorIndex<number> {
  const index = new SelectorIndex<number>()
  for (const [position, selector] of selectors.entries()) index.add(selector, position)
  return index
}

function accepts({ matchers }: Selector, labels: ReadonlyMap<string, string>): boolean {
  const compiled = compileMatchers(matchers)
  return compiled.kind === 'compiled' && compiled.matches(labels)
}

function name(value: string): Matcher {
  return equal('__name__', value)
}

function equal(label: string, value: string): Matcher {
  return { label, operator: '=', value }
}
