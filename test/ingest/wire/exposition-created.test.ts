import assert from 'node:assert/strict'
import { test } from 'node:test'
import { CreatedTimes } from '../../../src/ingest/wire/exposition-created.ts'

const encoder = new TextEncoder()

/** The start of every line of a page that is a sample, NaN where none is said. */
function starts(page: string): (number | undefined)[] {
  const bytes = encoder.encode(page)
  const created = CreatedTimes.of(bytes)
  let at = 0
  return page
    .trimEnd()
    .split('\n')
    .flatMap((line) => {
      const start = at
      at += encoder.encode(line).length + 1
      if (line.startsWith('#')) return []
      const keyEnd = line.includes('}') ? line.lastIndexOf('}') + 1 : line.indexOf(' ')
      const startMs = created?.startOf(start, start + encoder.encode(line.slice(0, keyEnd)).length)
      return [startMs === undefined || Number.isNaN(startMs) ? undefined : startMs]
    })
}

test('gives each series the time of its own metric', () => {
  assert.deepEqual(
    starts(
      '# TYPE a counter\na_total{x="1"} 5\na_created{x="1"} 10.5\na_total{x="2"} 6\na_created{x="2"} 20\nb_total 1\n',
    ),
    [10_500, undefined, 20_000, undefined, undefined],
  )
})

test('finds the time of a histogram and a summary, whose parts have a label more', () => {
  const page = [
    'h_bucket{a="1",le="0.5"} 1',
    'h_bucket{le="+Inf",a="1"} 2',
    'h_count{a="1"} 2',
    'h_sum{a="1"} 3',
    'h_created{a="1"} 7',
    's{quantile="0.5"} 1',
    's_count 1',
    's_created 8',
  ]
  assert.deepEqual(starts(`${page.join('\n')}\n`), [7_000, 7_000, 7_000, 7_000, undefined, 8_000, 8_000, undefined])
})

test('takes no time of another name, of other labels, or that is no number', () => {
  assert.deepEqual(starts('ab_total 1\na_created 5\n'), [undefined, undefined])
  assert.deepEqual(starts('a_total{x="1"} 1\na_created{x="11"} 5\n'), [undefined, undefined])
  assert.deepEqual(starts('a_total{x="1",y="2"} 1\na_created{x="1"} 5\n'), [undefined, undefined])
  assert.deepEqual(starts('a_total 1\na_created x\n'), [undefined, undefined])
  assert.deepEqual(starts('a_total{b="_created{"} 1\n'), [undefined])
})

test('reads the page once, however many series it has', () => {
  const lines = Array.from(
    { length: 20_000 },
    (_, index) => `a_total{x="${index}"} 1\na_created{x="${index}"} ${index}`,
  )
  const all = starts(`${lines.join('\n')}\n`)
  assert.equal(all.filter((start) => start !== undefined).length, 20_000)
  assert.equal(all[2 * 777], 777_000)
})
