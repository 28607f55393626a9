import assert from 'node:assert/strict'
import { test } from 'node:test'
import * as fc from 'fast-check'
import type { CounterExpression, CounterTerm, Matcher } from '../../../src/core/model/selector.ts'
import { parseCounters } from '../../../src/core/sli/parse-counters.ts'
import { printCounters } from '../../../src/core/sli/print-counters.ts'

test('reads a selector with the four matchers, the metric name first', () => {
  assert.deepEqual(terms('http_requests_total{job="checkout", code!="200",path=~"/api/.*",method!~`GET|HEAD`}'), [
    {
      sign: 1,
      selector: {
        matchers: [
          { label: '__name__', operator: '=', value: 'http_requests_total' },
          { label: 'job', operator: '=', value: 'checkout' },
          { label: 'code', operator: '!=', value: '200' },
          { label: 'path', operator: '=~', value: '/api/.*' },
          { label: 'method', operator: '!~', value: 'GET|HEAD' },
        ],
      },
    },
  ])
})

/** Text and its canonical form; the signs show how parentheses are resolved. */
const accepted: readonly (readonly [string, string])[] = [
  ['a', 'a'],
  [' a{} ', 'a'],
  ['a{x="1",}', 'a{x="1"}'],
  ['a + b - c', 'a + b - c'],
  ['a-b', 'a - b'],
  ['-a + b', '-a + b'],
  ['+a', 'a'],
  ['a - (b - (c + d))', 'a - b + c + d'],
  ['((a))', 'a'],
  ['a # the first\n+ b # the second', 'a + b'],
  ['a\n  {x="1"}', 'a{x="1"}'],
  ['ns:a:sum', 'ns:a:sum'],
  ['{"http.server.requests"}', '{__name__="http.server.requests"}'],
  ['{"http.server.requests", "k8s.pod"=~"a.+"}', '{__name__="http.server.requests","k8s.pod"=~"a.+"}'],
  ['{__name__=~"a.*",__name__!="ab"}', '{__name__=~"a.*",__name__!="ab"}'],
  ['{x="1"}', '{x="1"}'],
  ['{}', '{}'],
  ['sum', 'sum'],
  ['offset{by="x"}', 'offset{by="x"}'],
  ["a{x='it\\'s'}", 'a{x="it\'s"}'],
  ['a{x="\\t\\\\\\"\\u00e4\\xc3\\xa4\\303\\244\\U0001F4A5"}', 'a{x="\\x09\\\\\\"äää💥"}'],
  ['a{x=`\\d+\n`}', 'a{x="\\\\d+\\n"}'],
  ['a{x=~""}', 'a{x=~""}'],
]

for (const [text, canonical] of accepted) {
  test(`reads ${JSON.stringify(text)}`, () => assert.equal(printCounters({ terms: terms(text) }), canonical))
}

/** Text, the character that is pointed at, and what the message and the hint say. */
const refused: readonly (readonly [string, number, RegExp, RegExp?])[] = [
  ['', 0, /there is no counter/],
  ['  ', 2, /there is no counter/],
  ['a +', 3, /expected a counter such as .* after "a \+"/],
  ['a[5m]', 1, /a range such as \[5m\] does not belong here/, /windows/],
  ['a{x="1"}[5m]', 8, /a range/],
  ['a offset 5m', 2, /an offset does not belong here/],
  ['a @ 1609746000', 2, /the @ modifier/],
  ['rate(a[5m])', 0, /"rate\(…\)" does not belong here/, /increases and sums over series are taken for you/],
  ['sum by (job) (a)', 0, /"sum\(…\)"/],
  ['a + sum(b)', 4, /"sum\(…\)"/],
  ['a by (job)', 2, /"by" does not belong here/],
  ['a or vector(0)', 2, /"or vector\(0\)"/, /counts as 0/],
  ['a / b', 2, /not divided/, /before "\/" as bad/],
  ['a * 2', 2, /not by "\*"/],
  ['a == b', 2, /not by "=="/],
  ['a and b', 2, /not by "and"/],
  ['2', 0, /the number 2/],
  ['a + 0.5', 4, /the number 0\.5/],
  ['a b', 2, /expected \+, - or the end, found "b"/],
  ['a)', 1, /found "\)"/],
  ['(a', 2, /expected "\)" after "\(a"/],
  ['http.requests', 4, /a name with "\." must stand in quotes/, /\{"metric\.name"\}/],
  ['a{', 1, /the "\{" is not closed/],
  ['a{,}', 2, /expected a label name, found ","/],
  ['a{x}', 3, /expected one of = != =~ !~ after label "x", found "}"/],
  ['a{x:"1"}', 3, /after label "x", found ":"/],
  ['a{x=1}', 4, /the number 1/],
  ['a{x=y}', 4, /expected a value in quotes for label "x", found "y"/],
  ['a{x="1" y="2"}', 8, /expected "," or "}", found "y"/],
  ['a{k8s.pod="1"}', 5, /must stand in quotes/],
  ['a{x=“1”}', 4, /typographic quote/, /straight quotes/],
  ['a{x="1}', 4, /the string that begins with " does not end/],
  ['a{x="1\n"}', 4, /does not end/],
  ['a{x=`1}', 4, /begins with ` does not end/],
  ['a{x="\\q"}', 5, /"\\q" is not an escape/],
  ['a{x="\\ud800"}', 5, /not a Unicode character/],
  ['a{x="\\xff"}', 5, /not UTF-8/],
  ['a{x="\\', 5, /is not an escape/],
  ['{""}', 1, /a name in quotes is empty/],
  ['a{x=~"("}', 5, /regular expression is not valid: missing closing \): \(/, /RE2/],
  ['a{x!~"a(?=b)"}', 5, /invalid or unsupported Perl syntax/],
  ['a{x=~"\\\\1"}', 5, /invalid escape sequence/],
  ['a{__name__="b"}', 0, /the metric name is given twice/],
  ['{"a","b"}', 0, /the metric name is given twice/],
  [`${'('.repeat(21)}a${')'.repeat(21)}`, 20, /more than 20 parentheses/],
  [Array.from({ length: 101 }, () => 'a').join('+'), 0, /more than 100 counters/],
]

for (const [text, offset, message, hint] of refused) {
  test(`refuses ${JSON.stringify(text.slice(0, 40))} at character ${offset}`, () => {
    const result = parseCounters(text)
    assert.equal(result.kind, 'failed')
    assert.match(result.message, message)
    assert.equal(result.offset, offset)
    if (hint !== undefined) assert.match(result.hint ?? '', hint)
  })
}

test('reads what it prints, for any expression', () => {
  fc.assert(
    fc.property(anyExpression, (expression) => {
      assert.deepEqual(parseCounters(printCounters(expression)), { kind: 'parsed', expression })
    }),
  )
})

test('prints what it reads: a second round changes nothing', () => {
  fc.assert(
    fc.property(promqlSoup, (text) => {
      const result = parseCounters(text)
      if (result.kind === 'failed') return
      const printed = printCounters(result.expression)
      assert.deepEqual(parseCounters(printed), result)
    }),
  )
})

test('answers any text with an expression or with a place inside the text', () => {
  fc.assert(
    fc.property(fc.oneof(fc.string({ unit: 'binary' }), promqlSoup), (text) => {
      const result = parseCounters(text)
      if (result.kind === 'failed') assert.ok(result.offset >= 0 && result.offset <= text.length)
    }),
    { numRuns: 2_000 },
  )
})

/** Ordinary objects, as the parser makes them. */
const plain = { noNullPrototype: true } as const

const anyMatcher: fc.Arbitrary<Matcher> = fc.oneof(
  fc.record(
    {
      label: fc.oneof(fc.constantFrom('job', 'code', '__name__', 'a.b'), fc.string({ minLength: 1, unit: 'binary' })),
      operator: fc.constantFrom('=' as const, '!=' as const),
      value: fc.string({ unit: 'binary' }),
    },
    plain,
  ),
  fc.record(
    {
      label: fc.constantFrom('job', 'le'),
      operator: fc.constantFrom('=~' as const, '!~' as const),
      value: fc.constantFrom('', '.*', 'a|b', '5..', '\\d+\\.x', '[^"]+'),
    },
    plain,
  ),
)

const anyName = fc.constantFrom('a', 'http_requests_total', 'ns:x:rate', 'http.requests', 'offset', 'überall')

const anyTerm: fc.Arbitrary<CounterTerm> = fc
  .record(
    {
      sign: fc.constantFrom(1 as const, -1 as const),
      name: fc.option(anyName),
      matchers: fc.array(anyMatcher, { maxLength: 4 }),
    },
    plain,
  )
  .map(({ sign, name, matchers }) => {
    const nameMatcher: Matcher[] = name === null ? [] : [{ label: '__name__', operator: '=', value: name }]
    return { sign, selector: { matchers: [...nameMatcher, ...matchers] } }
  })

const anyExpression: fc.Arbitrary<CounterExpression> = fc.record(
  {
    terms: fc.array(anyTerm, { minLength: 1, maxLength: 5 }),
  },
  plain,
)

/** Texts that get deep into the grammar because they are made of its pieces. */
const promqlSoup = fc
  .array(
    fc.constantFrom(
      'a',
      'b_total',
      '{',
      '}',
      '(',
      ')',
      '+',
      '-',
      ',',
      'x',
      '=',
      '!=',
      '=~',
      '!~',
      '"v"',
      '`w`',
      ' ',
      '[5m]',
      '\\',
      '"',
      'sum',
      '.',
    ),
    {
      maxLength: 20,
    },
  )
  .map((pieces) => pieces.join(''))

function terms(text: string): readonly CounterTerm[] {
  const result = parseCounters(text)
  assert.equal(result.kind, 'parsed', JSON.stringify(result))
  return result.expression.terms
}
