import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { array, assert as check, constant, double, oneof, option, property } from 'fast-check'
import { hourMs, minuteMs } from '../../src/core/model/units.ts'
import { exhaustionWords, historyWords, trafficWords } from '../../src/delivery/history-words.ts'
import { aNotification } from '../support/delivery-messages.ts'

function historyOf(burnRates: readonly (number | null)[]) {
  return aNotification({ history: { from: 0, stepMs: 5 * minuteMs, burnRates } })
}

describe('how it burned lately, in a line', () => {
  test('is as high as it burned, with a dot for what is not known', () => {
    assert.equal(historyWords(historyOf([0, null, 7, 14])), '▁·▅█ 5m each, 14× at most')
  })

  test('shows the worst of the steps that fall together', () => {
    const burnRates = Array.from({ length: 72 }, (_, index) => (index === 70 ? 91 : 0))
    assert.equal(historyWords(historyOf(burnRates)), `${'▁'.repeat(17)}█ 20m each, 91× at most`)
  })

  test('is left out where nothing is known', () => {
    assert.equal(historyWords(aNotification()), '')
    assert.equal(historyWords(historyOf([null, null])), '')
    assert.equal(historyWords(historyOf([])), '')
  })

  test('fits and can be read whatever the numbers are', () => {
    const rate = option(oneof(double({ min: 0, noNaN: true }), constant(Number.POSITIVE_INFINITY)))
    check(
      property(array(rate, { maxLength: 100 }), (burnRates) => {
        assert.match(historyWords(historyOf(burnRates)), /^([▁-█·]{1,25} \S+ each, \S+ at most)?$/u)
      }),
    )
  })
})

function words(perSecond: number, usualPerSecond: number | null): string {
  return trafficWords(aNotification({ traffic: { perSecond, usualPerSecond } }))
}

test('traffic is told beside what is usual, where that is known', () => {
  assert.equal(words(812.4, 790), '812 requests/s, usually 790')
  assert.equal(words(12_345, null), '12,345 requests/s')
  assert.equal(words(0.0333, 0), '0.033 requests/s, usually 0')
  assert.equal(trafficWords(aNotification()), '')
})

test('what is left of the budget lasts between two times, or at least for one', () => {
  assert.equal(exhaustionWords({ exhaustion: { lowMs: 4 * hourMs, highMs: 6.5 * hourMs } }), 'likely 4h to 6h30m')
  assert.equal(exhaustionWords({ exhaustion: { lowMs: 4 * hourMs, highMs: null } }), '4h at the earliest')
  assert.equal(exhaustionWords({ exhaustion: { lowMs: 4 * hourMs, highMs: 4 * hourMs + 1 } }), 'likely 4h')
  assert.equal(exhaustionWords({ exhaustion: { lowMs: null, highMs: 4 * hourMs } }), '')
  assert.equal(exhaustionWords({}), '')
})
