import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { alertmanager } from '../support/alert-sides.ts'
import { alertmanagerCases } from '../support/alertmanager-cases.ts'

// All at once: they mostly wait.
describe('what Alertmanager is known to get wrong', { concurrency: 8, timeout: 150_000 }, () => {
  for (const { id, title, run, ...expected } of alertmanagerCases) {
    test(`${id}. ${title}: Alertmanager`, { skip: alertmanager.skip }, async (t) => {
      assert.equal(await run(t, 'Alertmanager'), expected.alertmanager)
    })

    test(`${id}. ${title}: sloburn`, async (t) => {
      assert.equal(await run(t, 'sloburn'), expected.sloburn)
    })
  }
})
