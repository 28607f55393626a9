import assert from 'node:assert/strict'
import { test } from 'node:test'
import { didYouMean, knownWordsHint } from '../../src/core/model/did-you-mean.ts'

const words = ['objective', 'window', 'indicator', 'regions', 'page']

test('finds the word behind a slip of the fingers', () => {
  assert.equal(didYouMean('objectve', words), 'objective')
  assert.equal(didYouMean('ojbective', words), 'objective')
  assert.equal(didYouMean('Windows', words), 'window')
  assert.equal(didYouMean('pager', words), 'page')
})

test('guesses nothing when no word is close', () => {
  assert.equal(didYouMean('threshold', words), undefined)
  assert.equal(didYouMean('', words), undefined)
  assert.equal(didYouMean('x'.repeat(100_000), words), undefined)
})

test('a hint names the word that was meant, or lists what is known where none is near', () => {
  assert.equal(knownWordsHint('objectve', words), 'did you mean "objective"?')
  assert.equal(knownWordsHint('threshold', ['a', 'b']), 'known here: a, b')
})
