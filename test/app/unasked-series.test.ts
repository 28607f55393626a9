import assert from 'node:assert/strict'
import { test } from 'node:test'
import { watchUnasked } from '../../src/app/unasked-series.ts'
import { labelsOf } from '../../src/core/model/labels.ts'
import type { Selector } from '../../src/core/model/selector.ts'
import { noAppends, type SampleSink, unwantedSeries } from '../../src/ports/sample-sink.ts'

const asked: readonly Selector[] = [
  {
    matchers: [
      { label: '__name__', operator: '=', value: 'requests_total' },
      { label: 'job', operator: '=', value: 'shop' },
    ],
  },
]
const origin = { source: 'scrape', region: 'eu' }

/** A sink that wants the series of the job shop, as the SLO does. */
function wanting(): SampleSink & { generation: number } {
  return {
    generation: 1,
    resolve: (labels) => (labels.get('job') === 'shop' ? 1 : unwantedSeries),
    resolveHistogram: () => undefined,
    append: noAppends,
    appendDeltas: noAppends,
    noteUncertain: () => {},
    noteExemplar: () => {},
  }
}

function series(name: string, job: string) {
  return labelsOf([
    ['__name__', name],
    ['job', job],
  ])
}

test('tells a source whose series no SLO asks for from one that is silent, by the series that is nearly asked for', () => {
  const watched = watchUnasked(wanting())
  assert.equal(
    watched.unasked(() => asked),
    undefined,
  )
  watched.resolve(series('go_threads', 'web'), origin)
  assert.equal(
    watched.unasked(() => asked),
    'no SLO asks for any of its series: it sends go_threads',
  )
  watched.resolve(series('requests_total', 'web'), origin)
  assert.equal(
    watched.unasked(() => asked),
    'no SLO asks for any of its series: it sends for example requests_total{job="web"}, and requests_total{job="shop"} is asked for',
  )
})

test('says nothing once a series is asked for, whatever else comes', () => {
  const watched = watchUnasked(wanting())
  for (const job of ['web', 'shop', 'web2']) watched.resolve(series('requests_total', job), origin)
  assert.equal(
    watched.unasked(() => asked),
    undefined,
  )
})

test('begins anew when other rules are in force', () => {
  const sink = wanting()
  const watched = watchUnasked(sink)
  watched.resolve(series('requests_total', 'shop'), origin)
  sink.generation = 2
  assert.equal(
    watched.unasked(() => asked),
    undefined,
  )
  watched.resolve(series('requests_total', 'web'), origin)
  assert.match(watched.unasked(() => asked) ?? '', /it sends for example requests_total\{job="web"\}/)
})
