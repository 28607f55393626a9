import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { stringify } from 'yaml'
import { formatLabels, type Labels, labelsOf } from '../../../src/core/model/labels.ts'
import { compileMatchers } from '../../../src/core/sli/match-selector.ts'
import { type StreamingCounters, streamingCounters } from '../../../src/rules/promql/streaming-counters.ts'
import { streaming } from './streaming-examples.ts'

const hasPromtool = spawnSync('promtool', ['--version']).status === 0
const skip = hasPromtool ? false : 'promtool is not installed'

/** What Debian's promtool cannot read yet: quoted names, numbers as ranges and the other way round, fill, anchored. */
const newerThanPromtool = /\{"|by \("|\[300\]|1m \*|fill|anchored/
const windowMs = 300_000

test('Prometheus answers what counting the increments answers', { skip }, () => {
  const expressions = streaming.map(([text]) => text).filter((text) => !newerThanPromtool.test(text))
  assert.ok(expressions.length > 40)
  const tests = expressions.map((text) => ({
    expr: text.replaceAll(/\{\{[^}]*\}\}|\$window|\$\{window\}/g, '5m'),
    eval_time: '2h',
    exp_samples: answer(countersOf(text)),
  }))
  const problems = runPromtool({
    evaluation_interval: '1m',
    tests: [{ interval: '1m', input_series: series.map(inputSeries), promql_expr_test: tests }],
  })
  assert.equal(problems, '')
})

/** Counters with different slopes: `perSecond` events a second from the beginning. */
const series = ['a', 'b', 'c', 'rate'].flatMap((name, index) =>
  ['1', '2'].flatMap((x, xIndex) =>
    ['u', 'v'].map((y, yIndex) => ({
      labels: labelsOf([
        ['__name__', name],
        ['x', x],
        ['y', y],
        ['pod', `${name}-${x}`],
        ['b', 'c'],
        ['d', x === '1' ? 'e' : 'g'],
      ]),
      // Powers of two, so that every sum tells which series are in it.
      perSecond: 2 ** (index * 4 + xIndex * 2 + yIndex),
    })),
  ),
)

function inputSeries({ labels, perSecond }: (typeof series)[number]): { series: string; values: string } {
  return { series: formatLabels(labels), values: `0+${perSecond * 60}x120` }
}

/** What the expression answers for counters that grow steadily. */
function answer({ counters, groupBy, measure, scale }: StreamingCounters): { labels: string; value: number }[] {
  const groups = new Map<string, number>()
  for (const { sign, selector } of counters.terms) {
    const compiled = compileMatchers(selector.matchers)
    assert.ok(compiled.kind === 'compiled')
    for (const { labels, perSecond } of series.filter((one) => compiled.matches(one.labels))) {
      const key = groupKey(labels, groupBy)
      groups.set(key, (groups.get(key) ?? 0) + sign * perSecond)
    }
  }
  const unit = measure === 'per-window' ? windowMs / 1000 : 1
  return [...groups].map(([labels, perSecond]) => ({ labels, value: perSecond * scale * unit }))
}

function groupKey(labels: Labels, groupBy: readonly string[]): string {
  return formatLabels(labelsOf(groupBy.map((label) => [label, labels.get(label) ?? ''])))
}

function countersOf(text: string): StreamingCounters {
  const result = streamingCounters(text)
  assert.ok(result.kind === 'counters', text)
  return result
}

/** What promtool finds wrong with the tests, empty when nothing. */
function runPromtool(tests: unknown): string {
  const folder = mkdtempSync(join(tmpdir(), 'sloburn-promtool-'))
  try {
    const file = join(folder, 'tests.yaml')
    writeFileSync(file, stringify(tests))
    const { status, stdout, stderr } = spawnSync('promtool', ['test', 'rules', file], { encoding: 'utf8' })
    return status === 0 ? '' : `${stdout}${stderr}`
  } finally {
    rmSync(folder, { recursive: true })
  }
}
