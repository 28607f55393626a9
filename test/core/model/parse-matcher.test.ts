import assert from 'node:assert/strict'
import { test } from 'node:test'
import * as fc from 'fast-check'
import { parseMatcher, printMatcher } from '../../../src/core/model/parse-matcher.ts'

test('reads the four operators, quoted and bare', () => {
  assert.deepEqual(parseMatcher('severity="page"'), { label: 'severity', operator: '=', value: 'page' })
  assert.deepEqual(parseMatcher('region =~ "eu-.*"'), { label: 'region', operator: '=~', value: 'eu-.*' })
  assert.deepEqual(parseMatcher('team!=search'), { label: 'team', operator: '!=', value: 'search' })
  assert.deepEqual(parseMatcher('slo!~"a|b"'), { label: 'slo', operator: '!~', value: 'a|b' })
  assert.deepEqual(parseMatcher('slo=~"a\\d+"'), { label: 'slo', operator: '=~', value: 'a\\d+' })
  assert.deepEqual(parseMatcher('team=""'), { label: 'team', operator: '=', value: '' })
})

test('refuses a text that is no matcher', () => {
  for (const text of ['', 'page', '="page"', 'a=="b"c', 'a="b', 'a=b c', '9a=b', 'a="b" c']) {
    assert.equal(parseMatcher(text), undefined, text)
  }
})

test('reads back what it prints, and never throws', () => {
  fc.assert(
    fc.property(fc.constantFrom('=', '!=', '=~', '!~'), fc.string(), (operator, value) => {
      // What JSON writes as an escape that the notation does not know is not looked at.
      const plain = value.replace(/[\p{Cc}\u2028\u2029\\]/gu, '')
      const matcher = { label: 'a_b', operator, value: plain } as const
      assert.deepEqual(parseMatcher(printMatcher(matcher)), matcher)
    }),
  )
  fc.assert(fc.property(fc.string(), (text) => void parseMatcher(text)))
})
