import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { IncidentBook } from '../../src/engine/incident-book.ts'
import { anIncident } from '../support/delivery-messages.ts'

const opened = anIncident()
const [first] = opened.alerts
/** The same incident, with an alert of another SLO of its service. */
const joined = { ...opened, alerts: [...opened.alerts, { ...first, id: { ...first.id, slo: 'joined-later' } }] }

describe('an incident is found', () => {
  test('by the SLO of an alert that joined it, in the same turn and after it', () => {
    const book = new IncidentBook([opened])
    assert.deepEqual(book.candidates('joined-later', 'another'), [])
    book.draft(joined)
    assert.deepEqual(book.candidates('joined-later', 'another'), [joined])
    const told = { ...joined, revision: joined.revision + 1 }
    book.draft(told)
    assert.deepEqual(book.candidates('joined-later', 'another'), [told])
    book.applyDrafts()
    assert.deepEqual(book.candidates('joined-later', 'another'), [told])
    assert.deepEqual(book.candidates(first.id.slo, 'another'), [told])
  })

  test('by its service, and no more once it is released', () => {
    const book = new IncidentBook()
    book.draft(opened)
    assert.deepEqual(book.candidates('unknown', opened.service), [opened])
    book.release(opened.id)
    book.applyDrafts()
    assert.deepEqual(book.candidates('unknown', opened.service), [])
    assert.deepEqual(book.candidates(first.id.slo, 'another'), [])
  })

  test('anew where storing failed and the next turn opens it again', () => {
    const book = new IncidentBook()
    book.draft(opened)
    book.dropDrafts()
    assert.deepEqual(book.candidates(first.id.slo, opened.service), [])
    book.draft(opened)
    assert.deepEqual(book.candidates(first.id.slo, 'another'), [opened])
  })
})
