import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import * as fc from 'fast-check'
import { ruleTestValuesMax } from '../../../src/core/model/limits.ts'
import { parseSeriesValues, type SeriesValue } from '../../../src/rules/rule-test/parse-series-values.ts'
import { foreignTool } from '../../support/debian.ts'
import { holdsForAll } from '../../support/engine-properties.ts'

const promtool = foreignTool('promtool')

const examples: readonly (readonly [string, readonly SeriesValue[]])[] = [
  ['1 2 3', [1, 2, 3]],
  ['0+10x3', [0, 10, 20, 30]],
  ['10-5x3', [10, 5, 0, -5]],
  ['-1+2x3', [-1, 1, 3, 5]],
  ['1x4', [1, 1, 1, 1, 1]],
  ['0x3', [0, 0, 0, 0]],
  ['1x0', [1]],
  ['_', ['none']],
  ['_x3', ['none', 'none', 'none']],
  ['_x0', []],
  ['1 _ 2', [1, 'none', 2]],
  ['1 stale 2', [1, 'stale', 2]],
  ['0x2 100+100x2 300x1', [0, 0, 0, 100, 200, 300, 300, 300]],
  ['1e3 1.5E-2x1 .5 5. +7', [1000, 0.015, 0.015, 0.5, 5, 7]],
  ['1+1e1x2', [1, 11, 21]],
  ['NaN nan Inf -inf', [Number.NaN, Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY]],
  ['0+0.1x3', [0, 0.1, 0.2, 0.1 + 0.1 + 0.1]],
  ['', []],
  [' \t1\n 2\r\n', [1, 2]],
]
for (const [text, values] of examples) {
  test(`reads ${JSON.stringify(text)}`, () => assert.deepEqual(parseSeriesValues(text), { kind: 'parsed', values }))
}

const mistakes: readonly (readonly [string, number, RegExp])[] = [
  ['1 2,3', 3, /"," does not belong here/],
  ['1 abc', 2, /"abc" is not a value/],
  ['1+1', 0, /1\+1 does not say how often/],
  ['1x', 2, /whole number of repetitions/],
  ['1x1.5', 3, /whole number of repetitions/],
  ['1x-1', 2, /whole number of repetitions/],
  ['1x1e2', 3, /whole number of repetitions/],
  ['0x1x2', 3, /whole number of repetitions/],
  ['1 _x', 4, /whole number of repetitions/],
  ['1x 3', 2, /whole number of repetitions/],
  ['1--1x2', 1, /is not a value/],
  ['1+2+3x2', 3, /is not a value/],
  ['- 1', 0, /"-" is not a value/],
  ['1e', 1, /is not a value/],
  ['1_000', 1, /is not a value/],
  ['5 stalex3', 2, /"stale" cannot be repeated/],
  ['Infx3', 0, /"Inf" cannot be repeated/],
  ['1+Infx3', 0, /"\+Inf" cannot be repeated/],
  ['1e400', 0, /too large/],
  ['1 010x3', 2, /octal/],
  ['{{schema:0 sum:5}}', 0, /native histograms/],
  [`1 0x${ruleTestValuesMax}`, 2, /more than 1000000 values/],
  ['1x99999999999999999999', 0, /more than 1000000 values/],
]
for (const [text, offset, wording] of mistakes) {
  test(`refuses ${JSON.stringify(text)} at character ${offset}`, () => {
    const result = parseSeriesValues(text)
    assert.ok(result.kind === 'failed', JSON.stringify(result))
    assert.equal(result.offset, offset)
    assert.match(result.message, wording)
    assert.notEqual(result.hint, '')
  })
}

/** One item as it is written, and what it means, worked out without reading the text. */
interface Item {
  readonly text: string
  readonly values: readonly SeriesValue[]
}

const whole = fc.integer({ min: -1_000, max: 1_000 })
const decimal = fc.tuple(whole, fc.integer({ min: 1, max: 999 })).map(([units, rest]) => Number(`${units}.${rest}`))
const value = fc.oneof(whole, decimal).map((number) => (Object.is(number, -0) ? 0 : number))
const times = fc.integer({ min: 0, max: 6 })
const item: fc.Arbitrary<Item> = fc.oneof(
  value.map((number) => ({ text: String(number), values: [number] })),
  fc.tuple(value, times).map(([number, count]) => ({
    text: `${number}x${count}`,
    values: Array.from({ length: count + 1 }, () => number),
  })),
  fc.tuple(value, value, times).map(([number, step, count]) => ({
    text: `${number}${step < 0 ? '' : '+'}${step}x${count}`,
    values: stairs(number, step, count),
  })),
  times.map((count) => ({ text: `_x${count}`, values: Array.from({ length: count }, () => 'none' as const) })),
  fc.constantFrom<Item>({ text: '_', values: ['none'] }, { text: 'stale', values: ['stale'] }),
)
const story = fc.array(item, { minLength: 1, maxLength: 6 })

function stairs(from: number, step: number, count: number): number[] {
  const values = [from]
  while (values.length <= count) values.push(values[values.length - 1] + step)
  return values
}

test('expands whatever is written as an expansion that never saw the text', () => {
  holdsForAll(
    fc.property(story, (items) => {
      const values = items.flatMap((each) => each.values)
      assert.deepEqual(parseSeriesValues(items.map(({ text }) => text).join(' ')), { kind: 'parsed', values })
    }),
    1_000,
  )
})

test('never throws, and points into the text', () => {
  const anything = fc.oneof(fc.string(), fc.stringMatching(/^[0-9x+\-_. stalenfE]{0,30}$/))
  holdsForAll(
    fc.property(anything, (text) => {
      const result = parseSeriesValues(text)
      if (result.kind === 'failed') assert.ok(result.offset >= 0 && result.offset <= text.length)
    }),
    2_000,
  )
})

test('expands as promtool does', { skip: promtool.skip }, () => {
  const stories = fc.sample(story, { seed: 20_261_121, numRuns: 60 })
  const written = stories.map((items) => items.map(({ text }) => text).join(' '))
  const fixed = examples.map(([text]) => text).filter((text) => !/nan|inf/i.test(text))
  const texts = [...written, ...fixed].filter((text) => text.trim() !== '').map((text) => text.replaceAll(/\s+/g, ' '))
  assert.equal(promtoolFindsWrong(texts, 0), '')
  assert.notEqual(promtoolFindsWrong(texts, 1), '', 'promtool accepted values that were changed')
})

test('accepts and refuses what promtool accepts and refuses', { skip: promtool.skip }, () => {
  const stricter = new Set(['1 010x3', `1 0x${ruleTestValuesMax}`, '1x99999999999999999999', '{{schema:0 sum:5}}'])
  for (const [text] of mistakes) {
    if (!stricter.has(text)) assert.match(promtoolRun([[text, []]]), /parse error/, text)
  }
  for (const [text] of examples) assert.doesNotMatch(promtoolRun([[text.replaceAll(/\s+/g, ' '), []]]), /parse error/)
})

/**
 * What promtool says of our expansions: each series must have each value at its time, and none where there is none. The
 * values stand ten minutes apart, so that none is looked back to from the next.
 */
function promtoolFindsWrong(texts: readonly string[], error: number): string {
  return promtoolRun(
    texts.map((text) => {
      const result = parseSeriesValues(text)
      assert.ok(result.kind === 'parsed', text)
      return [text, result.values.map((each) => (typeof each === 'number' ? each + error : each))]
    }),
  )
}

function promtoolRun(series: readonly (readonly [string, readonly SeriesValue[]])[]): string {
  const folder = mkdtempSync(join(tmpdir(), 'sloburn-promtool-'))
  try {
    const file = join(folder, 'values.yaml')
    writeFileSync(file, JSON.stringify({ evaluation_interval: '10m', tests: [promtoolTest(series)] }))
    const { status, stdout, stderr } = spawnSync(promtool.path, ['test', 'rules', file], { encoding: 'utf8' })
    return status === 0 ? '' : `${stdout}${stderr}`
  } finally {
    rmSync(folder, { recursive: true })
  }
}

function promtoolTest(series: readonly (readonly [string, readonly SeriesValue[]])[]) {
  return {
    interval: '10m',
    input_series: series.map(([values], index) => ({ series: `s{n="${index}"}`, values })),
    promql_expr_test: series.flatMap(([, values], index) =>
      [...values, 'none' as const].map((each, step) => ({
        expr: `s{n="${index}"}`,
        eval_time: `${10 * step}m`,
        exp_samples: typeof each === 'number' ? [{ labels: `s{n="${index}"}`, value: each }] : [],
      })),
    ),
  }
}
