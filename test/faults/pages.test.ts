import assert from 'node:assert/strict'
import { test } from 'node:test'
import { faultPages, numberedTests } from '../../scripts/fault-pages.ts'
import { alertmanagerCases } from '../support/alertmanager-cases.ts'
import { readRepositoryFile } from '../support/repository-files.ts'
import { faultGroups } from './catalogue.ts'

const cases = faultGroups.flatMap((group) => group.cases)

test('docs/faults.md and docs/alertmanager.md are what the tests are', () => {
  for (const [path, text] of faultPages()) {
    assert.equal(readRepositoryFile(path), text, `${path} is out of date: npm run docs`)
  }
})

test('the faults are numbered from 1 to 75', () => {
  assert.deepEqual(
    cases.map(({ number }) => number),
    Array.from({ length: 75 }, (_, index) => index + 1),
  )
})

test('every fault has a test of its number, or the reason why it has none', () => {
  const tested = new Set(numberedTests().map(({ number }) => number))
  for (const { number, untested } of cases) {
    assert.equal(tested.has(number), untested === undefined, `fault ${number}`)
  }
  for (const number of tested) assert.ok(number >= 1 && number <= 75, `no fault has the number ${number}`)
  assert.ok(tested.size >= 65, `${tested.size} of 75`)
})

test('the cases beside Alertmanager are R1 to R12', () => {
  assert.deepEqual(
    alertmanagerCases.map(({ id }) => id),
    Array.from({ length: 12 }, (_, index) => `R${index + 1}`),
  )
})
