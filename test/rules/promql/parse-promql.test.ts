import assert from 'node:assert/strict'
import { test } from 'node:test'
import * as fc from 'fast-check'
import { type PromqlFailure, parsePromql } from '../../../src/rules/promql/parse-promql.ts'
import { ratioOf } from '../../../src/rules/promql/ratio-of.ts'
import { streamingCounters } from '../../../src/rules/promql/streaming-counters.ts'

test('reads PromQL and keeps the places of what was written', () => {
  const source = 'sum(rate(a{b="{{x}}"}[{{.window}}])) / sum(rate(c[$window]))'
  const result = parsePromql(source)
  assert.ok(result.kind === 'parsed')
  const { tree } = result
  assert.equal(tree.source, source)
  assert.equal(tree.text.length, source.length)
  assert.deepEqual(
    tree.windows.map(({ from, to }) => source.slice(from, to)),
    ['{{.window}}', '$window'],
  )
  const [left, right] = tree.root.getChildren('Expr')
  assert.equal(source.slice(left.from, left.to), 'sum(rate(a{b="{{x}}"}[{{.window}}]))')
  assert.equal(source.slice(right.from, right.to), 'sum(rate(c[$window]))')
})

test('leaves comments and strings alone', () => {
  for (const text of ['a # {{ anything }} $x\n', 'a{b="$x {{ y }}",c=~`\\$z`,d=\'"{{\'}', 'a{b="\\"$x"}']) {
    const result = parsePromql(text)
    assert.ok(result.kind === 'parsed', text)
    assert.deepEqual([result.tree.text, result.tree.windows], [text, []])
  }
})

/** Text, the kind of fault, the character pointed at, and what the message and the hint say. */
const refused: readonly (readonly [string, PromqlFailure['cause'], number, RegExp, RegExp?])[] = [
  ['', 'syntax', 0, /there is no expression/],
  ['  # nothing', 'syntax', 11, /ends too early/],
  ['a +', 'syntax', 3, /ends too early/],
  ['a + * b', 'syntax', 4, /"\*" cannot stand here/],
  ['a b', 'syntax', 2, /"b" cannot stand here/],
  ['a)', 'syntax', 1, /"\)" cannot stand here/],
  ['sum(rate(a[5m])', 'syntax', 3, /this "\(" is not closed/, /close it with "\)"/],
  ['a{b="c"', 'syntax', 1, /this "\{" is not closed/, /close it with "\}"/],
  ['a{b="("', 'syntax', 1, /this "\{" is not closed/],
  ['a[5m', 'syntax', 1, /this "\[" is not closed/],
  ['a{b=}', 'syntax', 4, /"\}" cannot stand here/],
  ['a{b="1" c="2"}', 'syntax', 8, /"c" cannot stand here/],
  ['a{b=“c”}', 'syntax', 4, /"“" cannot stand here/, /straight quotes/],
  ['rate a[5m]', 'syntax', 5, /"a" cannot stand here/],
  ['http.requests', 'syntax', 4, /"\." cannot stand here/],
  ['histogram_share(0.2, a)', 'unknown-function', 0, /no function "histogram_share"/, /VictoriaMetrics/],
  ['sum(foo(a))', 'unknown-function', 4, /no function "foo"/],
  ['a{b="c', 'string', 4, /string that begins with " does not end/],
  ['sum(rate(a{b="c[5m]))', 'string', 13, /string that begins with " does not end/],
  ['a{b="\n"}', 'string', 4, /does not end/],
  ['a{b="\\d"}', 'string', 5, /"\\d" is not an escape/],
  ['a{b=`c}', 'syntax', 4, /string that begins with ` does not end/],
  ['a{b=~"("}', 'regex', 5, /regular expression is not valid: missing closing \)/, /RE2/],
  ['a{b="(",c!~"*"}', 'regex', 11, /regular expression is not valid/],
  ['{"a.b"!~"["}', 'regex', 8, /regular expression is not valid/],
  ['sum(rate(a{ {{.filter}} }[{{.window}}]))', 'template', 12, /\{\{\.filter\}\} is a template/, /write its value/],
  ['rate(a[$__rate_interval])', 'template', 7, /\$__rate_interval is a variable/, /\$window/],
  [`${'('.repeat(600)}a${')'.repeat(600)}`, 'limit', 499, /nested too deeply/],
  ['a'.repeat(20_000), 'limit', 16_384, /longer than 16384 characters/],
]

for (const [text, cause, offset, message, hint] of refused) {
  const shown = text.length > 60 ? `${text.slice(0, 59)}…` : text
  test(`refuses ${JSON.stringify(shown)}`, () => {
    const result = parsePromql(text)
    assert.ok(result.kind === 'failed', 'it was accepted')
    assert.match(result.message, message)
    assert.match(result.hint ?? '', hint ?? /^/)
    assert.deepEqual([result.cause, result.offset], [cause, offset])
  })
}

test('never throws, and points into the text, whatever it is given', () => {
  // Half of them complete, half of them broken off.
  const words =
    'sum by rate increase ( ) [ ] { } 5m {{.window}} $window a : , "x" " ` \' \\ = =~ !~ + - * / or on offset @ # 1 vector ' +
    'clamp_min (0) rate(a[5m]) sum(rate(a[5m])) x="y" ~"(" bool > group_left'
  const pieces = [...words.split(' '), ' ', '\n']
  const piece = fc.oneof(
    { weight: 6, arbitrary: fc.constantFrom(...pieces) },
    fc.string({ maxLength: 3, unit: 'binary' }),
  )
  const text = fc.array(piece, { maxLength: 25 }).map((drawn) => drawn.join(''))
  const kinds = new Map<string, number>()
  fc.assert(
    fc.property(text, (source) => {
      for (const result of [streamingCounters(source), ratioOf(source)]) {
        kinds.set(result.kind, (kinds.get(result.kind) ?? 0) + 1)
        if (!('offset' in result)) continue
        assert.ok(result.offset >= 0 && result.offset <= source.length, JSON.stringify(result))
      }
    }),
    { numRuns: 3_000 },
  )
  assert.ok((kinds.get('query') ?? 0) > 20, JSON.stringify([...kinds]))
})

test('takes the longest sums and the deepest nesting that it lets through', () => {
  const sum = Array.from({ length: 400 }, () => 'a').join(' + ')
  assert.equal(parsePromql(sum).kind, 'parsed')
  assert.equal(streamingCounters(sum).kind, 'query')
  assert.equal(streamingCounters(`${'('.repeat(400)}sum(rate(a[5m]))${')'.repeat(400)}`).kind, 'counters')
})
