import assert from 'node:assert/strict'
import { test } from 'node:test'
import * as fc from 'fast-check'
import { asReason, oneLine, truncate } from '../../src/delivery/plain-text.ts'
import { webLink } from '../../src/delivery/web-link.ts'

test('text is brought to one line without control characters', () => {
  assert.equal(oneLine(' a\r\nBcc: x@example.com\t\u0000\u001b[31m b\u2028c '), 'a Bcc: x@example.com [31m b c')
})

test('marks that turn the direction of text around are taken out', () => {
  assert.equal(oneLine('safe\u202egnp.exe\u2066x\u2069'), 'safegnp.exex')
})

test('a cut text ends in an ellipsis, keeps its limit and never ends in half a character', () => {
  assert.equal(truncate('abc', 3), 'abc')
  assert.equal(truncate('abcd', 3), 'ab…')
  assert.equal(truncate('ab\u{1f525}d', 4), 'ab…')
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme', maxLength: 30 }), fc.integer({ min: 1, max: 40 }), (text, lengthMax) => {
      const cut = truncate(text, lengthMax)
      assert.ok(cut.length <= Math.max(lengthMax, 1))
      assert.ok(cut.isWellFormed())
    }),
    { seed: 7 },
  )
})

test('a reason is one short line', () => {
  assert.equal(asReason(`550 no\r\n${'x'.repeat(500)}`).length, 200)
})

test('only web addresses become links', () => {
  const links = [
    'https://runbooks.example.com/a?b=1#c',
    'http://localhost:9712/',
    'javascript:alert(1)',
    'data:text/html,x',
    'file:///etc/passwd',
    ' java\nscript:alert(1)',
    'not a url',
    `https://example.com/${'x'.repeat(3_000)}`,
    null,
  ].map(webLink)
  assert.deepEqual(links, [
    'https://runbooks.example.com/a?b=1#c',
    'http://localhost:9712/',
    null,
    null,
    null,
    null,
    null,
    null,
    null,
  ])
})

test('quotes and angle brackets in an address are encoded', () => {
  assert.equal(webLink('https://example.com/"><script>'), 'https://example.com/%22%3E%3Cscript%3E')
})
