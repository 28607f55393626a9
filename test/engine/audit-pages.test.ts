import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import type { Incident, Telling } from '../../src/core/model/incident.ts'
import { minuteMs } from '../../src/core/model/units.ts'
import { auditPages, type PageAudit } from '../../src/engine/audit-pages.ts'
import type { PageProgress } from '../../src/ports/store.ts'
import { anIncident, firedAt } from '../support/delivery-messages.ts'

const now = firedAt + 20 * minuteMs
const fallback = { receiver: 'phone', afterMs: 5 * minuteMs }
const waiting: PageProgress = { delivered: false, moving: true, waitingSince: firedAt }

async function audit(progress: Partial<PageProgress>, incident: Incident = anIncident(), isFallback = true) {
  const asked: unknown[] = []
  const outbox = {
    pageProgress: (...about: readonly unknown[]) => {
      asked.push(about)
      return Promise.resolve({ ...waiting, ...progress })
    },
  }
  const audits = await auditPages([incident], outbox, isFallback ? { fallback } : {}, now)
  return { asked, verdicts: audits.map(({ verdict }) => verdict) }
}

describe('an open page', () => {
  const cases: readonly (readonly [string, Partial<PageProgress>, PageAudit['verdict']])[] = [
    ['that arrived anywhere is proven', { delivered: true, moving: false, waitingSince: null }, 'proven'],
    ['that arrived once and waits elsewhere is late after that time as well', { delivered: true }, 'late'],
    [
      'that arrived once and waits elsewhere for less than that time is moving',
      { delivered: true, waitingSince: now - fallback.afterMs + 1 },
      'moving',
    ],
    [
      'that arrived once and was refused elsewhere is late at once',
      { delivered: true, moving: false, waitingSince: now },
      'late',
    ],
    [
      'that waits for less than the time of the fallback is moving',
      { waitingSince: now - fallback.afterMs + 1 },
      'moving',
    ],
    ['that waits for that time is late', { waitingSince: now - fallback.afterMs }, 'late'],
    ['that neither arrived nor moves is lost', { moving: false, waitingSince: null }, 'lost'],
  ]
  for (const [what, progress, verdict] of cases) {
    test(what, async () => assert.deepEqual((await audit(progress)).verdicts, [verdict]))
  }

  test('is never late where there is no fallback to take it', async () => {
    assert.deepEqual((await audit({}, anIncident(), false)).verdicts, ['moving'])
  })

  test('that arrived once is proven where no fallback takes it, or that has taken it', async () => {
    assert.deepEqual((await audit({ delivered: true }, anIncident(), false)).verdicts, ['proven'])
    assert.deepEqual((await audit({ delivered: true }, telling({ fellBack: true }))).verdicts, ['proven'])
    assert.deepEqual((await audit({}, telling({ fellBack: true }))).verdicts, ['late'], 'it arrived nowhere')
  })

  test('is asked about since somebody was last woken', async () => {
    const told = telling({ wokeAt: firedAt + minuteMs })
    assert.deepEqual((await audit({}, told)).asked, [[told.key, told.openedAt, firedAt + minuteMs]])
  })
})

test('nothing is asked of what wakes nobody, is over, was told to nobody, is looked after, or is known to have arrived', async () => {
  const [alert] = anIncident().alerts
  const hush = { kind: 'silenced', by: 's1', reason: 'known' } as const
  const quiet: readonly Incident[] = [
    telling({ proven: true }),
    telling({ severity: 'ticket' }),
    telling({ told: [] }),
    anIncident({ acknowledgement: { by: 'ana', at: now, until: now + minuteMs, note: '' } }),
    anIncident({ phase: { kind: 'settling', clearedAt: now, until: now + minuteMs } }),
    anIncident({ phase: { kind: 'closed', clearedAt: now, at: now } }),
    anIncident({ alerts: [{ ...alert, hush }] }),
    anIncident({ alerts: [{ ...alert, resolvedAt: now }] }),
  ]
  for (const incident of quiet) {
    const { asked, verdicts } = await audit({ moving: false }, incident)
    assert.deepEqual([asked, verdicts], [[], []], JSON.stringify(incident.telling))
  }
})

function telling(changes: Partial<Telling>): Incident {
  const incident = anIncident()
  return { ...incident, telling: { ...incident.telling, ...changes } }
}
