import assert from 'node:assert/strict'
import { test } from 'node:test'
import * as fc from 'fast-check'
import { compileRegex } from '../../../src/core/sli/compile-regex.ts'

/** Pattern, texts that match and texts that do not. */
const table: readonly (readonly [string, readonly string[], readonly string[]])[] = [
  ['', [''], ['a']],
  ['5..', ['500', '5ab'], ['5000', '1500', '50']],
  ['GET|POST', ['GET', 'POST'], ['GETS', 'OGET', '', 'GET|POST']],
  ['(GET|POST)', ['GET', 'POST'], ['(GET', 'GETPOST']],
  ['(?:GET|POST)', ['GET'], ['PUT']],
  ['a|ab', ['a', 'ab'], ['b']],
  ['a|', ['a', ''], ['b']],
  ['a\\.b', ['a.b'], ['axb', 'a\\.b']],
  ['.*', ['', 'a', 'a\nb'], []],
  ['.+', ['a', '\n'], ['']],
  ['a.b', ['a\nb', 'a💥b'], ['ab']],
  ['^a$', ['a'], ['ba', 'ab']],
  ['(?i)error', ['ERROR', 'Error'], ['errors']],
  ['\\d{3}', ['123'], ['12', '1234']],
  ['[^a-c]+', ['xyz'], ['xay', '']],
  ['\\pL+', ['größe'], ['a1']],
]

for (const [pattern, matching, others] of table) {
  test(`matches /${pattern}/ against the whole text`, () => {
    for (const text of matching) assert.equal(matches(pattern, text), true, `${JSON.stringify(text)} should match`)
    for (const text of others) assert.equal(matches(pattern, text), false, `${JSON.stringify(text)} should not match`)
  })
}

for (const pattern of ['(', 'a{1001}', '(?=a)', '(?<!a)b', '\\1', '[z-a]', '*', 'a**', 'a\\', '((a{100}){100}){100}']) {
  test(`refuses /${pattern}/ and says why`, () => {
    const regex = compileRegex(pattern)
    assert.equal(regex.kind, 'failed')
    assert.ok(regex.reason.length > 5 && !regex.reason.includes('(?s)'), regex.reason)
  })
}

test('knows the texts of a plain list, so that selectors can be found by them', () => {
  assert.deepEqual(literals('a|b\\.c|d'), ['a', 'b.c', 'd'])
  assert.deepEqual(literals('(a|b)'), ['a', 'b'])
  for (const pattern of ['a.b', 'a|b*', '(a)(b)', '\\d', '[ab]', 'a{2}', '^a'])
    assert.equal(literals(pattern), undefined)
})

test('agrees with the regular expressions of JavaScript where both mean the same', () => {
  fc.assert(
    fc.property(
      safePattern,
      fc.string({ unit: fc.constantFrom('a', 'b', 'c', '.', '|', '\n', '5') }),
      (pattern, text) => {
        assert.equal(
          matches(pattern, text),
          new RegExp(`^(?:${pattern})$`, 's').test(text),
          `/${pattern}/ on ${JSON.stringify(text)}`,
        )
      },
    ),
    { numRuns: 1_000 },
  )
})

test('takes time linear in the text for patterns that blow up a backtracking engine', { timeout: 10_000 }, () => {
  const text = `${'a'.repeat(50_000)}!`
  for (const pattern of ['(a+)+$', '(a*)*b', '(a|a)*c', '(a|aa)+', '(.*)(.*)(.*)(.*)x']) {
    assert.equal(matches(pattern, text), false)
  }
})

/** Patterns whose meaning RE2 and JavaScript share: no look-around, no back-references, no character classes by property. */
const { pattern: safePattern } = fc.letrec<{ pattern: string; atom: string }>((tie) => ({
  pattern: fc.oneof(
    { maxDepth: 4, depthSize: 'small' },
    tie('atom'),
    fc.tuple(tie('pattern'), tie('pattern')).map(([a, b]) => `${a}${b}`),
    fc.tuple(tie('pattern'), tie('pattern')).map(([a, b]) => `${a}|${b}`),
    fc
      .tuple(tie('pattern'), fc.constantFrom('*', '+', '?', '{2}', '{1,3}', '*?'))
      .map(([a, suffix]) => `(?:${a})${suffix}`),
  ),
  atom: fc.constantFrom('a', 'b', '5', '.', '\\.', '[ab]', '[^a]', '(a|b)', 'ab', ''),
}))

function matches(pattern: string, text: string): boolean {
  const regex = compileRegex(pattern)
  assert.equal(regex.kind, 'compiled', JSON.stringify(regex))
  return regex.matches(text)
}

function literals(pattern: string): readonly string[] | undefined {
  const regex = compileRegex(pattern)
  return regex.kind === 'compiled' ? regex.literals : undefined
}
