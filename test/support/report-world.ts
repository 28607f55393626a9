import { nobodyTold } from '../../src/core/incidents/fold-alert.ts'
import type { DayCounts } from '../../src/core/model/daily-counts.ts'
import type { Incident } from '../../src/core/model/incident.ts'
import type { Slo } from '../../src/core/model/slo.ts'
import type { ReportIncident, ReportInput, ReportSettings } from '../../src/reports/model/report-input.ts'
import { readPeriod } from '../../src/reports/period/read-period.ts'
import { anSlo } from './engine-slo.ts'

const day = 86_400_000
const hour = day / 24

/** What a config without `reports:` says. */
export const plainSettings: ReportSettings = {
  title: 'Reliability report',
  organisation: '',
  accent: '#1d4ed8',
  footer: '',
  workingHours: { name: 'working hours', timeZone: 'UTC', days: [1, 2, 3, 4, 5], fromMinute: 540, toMinute: 1_020 },
  costs: null,
}

/** Eight SLOs in three regions over a year, with one missed objective, one region that was not seen, incidents and maintenance. */
export function shopReport(choices: Partial<ReportInput> = {}): ReportInput {
  const slos = shopSlos()
  const period = readPeriod('2026-10', 'UTC')
  if (typeof period === 'string') throw new Error(period)
  return {
    period,
    compare: true,
    slos,
    days: slos.flatMap((slo, index) => daysOf(slo, index)),
    exclusions: [maintenance],
    incidents: shopIncidents(),
    settings: {
      ...plainSettings,
      organisation: 'Example Shop',
      footer: 'Internal. Questions: sre@shop.example',
      costs: {
        currency: 'EUR',
        monthlyByRegion: { 'ap-south-1': 9_800, 'eu-west-1': 21_400, 'us-east-1': 26_900 },
        perBadEvent: 0.04,
        credits: [{ below: 0.999, amount: 5_000 }],
      },
    },
    now: Date.UTC(2026, 10, 3),
    ...choices,
  }
}

/** Its regions. */
export const shopRegions = ['ap-south-1', 'eu-west-1', 'us-east-1'] as const

/** Its SLOs. */
export function shopSlos(): readonly Slo[] {
  const declared: readonly [name: string, objective: string, service: string, owner: string][] = [
    ['checkout-availability', '0.999', 'checkout', 'payments team'],
    ['checkout-latency', '0.99', 'checkout', 'payments team'],
    ['search-availability', '0.995', 'search', 'discovery team'],
    ['catalogue-availability', '0.9995', 'catalogue', 'discovery team'],
    ['login-availability', '0.9999', 'identity', 'platform team'],
    ['orders-replication-freshness', '0.99', 'orders', 'platform team'],
    ['recommendations-latency', '0.95', 'recommendations', 'discovery team'],
    ['=HYPERLINK("http://x.example";"open")', '0.99', '@legacy', '+unknown'],
  ]
  return declared.map(([name, objective, service, owner]) => ({
    ...anSlo({ name, objective }),
    service,
    labels: new Map([['owner', owner]]),
  }))
}

/** Failures as a share of the budget, by SLO and region; the last quarter of the period is the worst. */
const spending: readonly (readonly [number, number, number])[] = [
  [0.6, 1.9, 1.1],
  [0.5, 0.4, 0.6],
  [0.2, 0.35, 0.3],
  [0.7, 0.82, 0.9],
  [0.4, 0.5, 1.3],
  [0.05, 0.04, 0.06],
  [0.02, 0.03, 0.01],
  [0, 0, 0],
]

function daysOf(slo: Slo, index: number): readonly DayCounts[] {
  const budget = 1 - Number(slo.objective.numerator) / Number(slo.objective.denominator)
  const first = Date.UTC(2026, 3, 1)
  return shopRegions.flatMap((region, place) => {
    return Array.from({ length: 215 }, (_, number) => {
      const from = first + number * day
      const wave = 1 + 0.3 * Math.sin(number + place)
      const total = Math.round((400_000 / (index + 1)) * (place + 1) * wave)
      const isBadDay = number % 9 === 4
      const share = spending[index][place] * budget * (isBadDay ? 4.5 : 0.55) * (number > 183 ? 1 : 0.7)
      const isDark = index === 2 && region === 'ap-south-1' && number >= 190 && number < 194
      const seen = isDark ? 0 : 1
      return {
        slo: slo.name,
        region,
        from,
        to: from + day,
        until: from + day,
        bad: seen * Math.round(total * share),
        total: seen * total,
        seenMs: seen * day,
      }
    })
  })
}

const maintenance: ReportInput['exclusions'][number] = {
  exclusion: {
    id: 'file/database-upgrade',
    matches: { slos: [], services: ['orders'], regions: ['eu-west-1'] },
    schedule: { kind: 'once', from: Date.UTC(2026, 9, 10), to: Date.UTC(2026, 9, 11) },
    mute: true,
    excludeFromBudget: true,
    author: 'ada',
    reason: 'upgrade of the orders database',
    at: null,
  },
  removed: null,
}

function shopIncidents(): readonly ReportIncident[] {
  const made: readonly [
    slo: string,
    scope: string,
    severity: 'page' | 'ticket',
    at: number,
    hours: number,
    burn: number,
  ][] = [
    ['checkout-availability', 'eu-west-1', 'page', Date.UTC(2026, 9, 5, 2, 10), 3, 60],
    ['checkout-availability', 'global', 'page', Date.UTC(2026, 9, 14, 13, 5), 2, 45],
    ['login-availability', 'us-east-1', 'page', Date.UTC(2026, 9, 23, 22, 40), 1, 30],
    ['catalogue-availability', 'global', 'ticket', Date.UTC(2026, 9, 19, 9, 0), 20, 4],
    ['search-availability', 'global', 'page', Date.UTC(2026, 9, 27, 4, 30), 0.5, 8],
    ['checkout-latency', 'global', 'ticket', Date.UTC(2026, 8, 9, 9, 0), 10, 5],
  ]
  return made.map(([slo, scope, severity, at, hours, burn], index) => ({
    incident: anIncident({ slo, scope, severity, at, hours, id: `incident-${index}` }),
    events: [
      {
        incidentId: `incident-${index}`,
        sequence: 1,
        at: at + 4 * 60_000,
        kind: 'acknowledged',
        about: null,
        reason: 'ada',
      },
    ],
    burnRates: Array.from({ length: hours * 12 }, (_, step) => ({
      incidentId: `incident-${index}`,
      at: at + step * 300_000,
      readings: [{ slo, scope, windowMs: 300_000, burnRate: burn, ...(index < 2 ? {} : spentAfter(step, at, burn)) }],
    })),
  }))
}

/** The first two are of before events were counted with incidents. */
function spentAfter(step: number, since: number, burn: number) {
  const until = since + step * 300_000
  return { spent: { since, until, bad: (step * burn) / 2, total: step * 9_000, allowed: 12_000 } }
}

interface IncidentChoices {
  readonly slo: string
  readonly scope: string
  readonly severity: 'page' | 'ticket'
  readonly at: number
  readonly hours: number
  readonly id: string
}

function anIncident({ slo, scope, severity, at, hours, id }: IncidentChoices): Incident {
  const end = at + hours * hour
  return {
    id,
    key: slo,
    service: slo.split('-')[0],
    openedAt: at,
    revision: 2,
    eventCount: 3,
    alerts: [
      {
        id: { slo, scope, severity },
        firedAt: at,
        resolvedAt: end,
        rule: { longMs: hour, shortMs: 300_000, burnRate: 14.4, longBurnRate: 20, shortBurnRate: 40 },
        service: slo,
        labels: {},
        receivers: [],
        data: null,
        hush: null,
      },
    ],
    severity,
    sev: 'SEV2',
    phase: { kind: 'closed', clearedAt: end, at: end },
    pageClearedAt: null,
    heldUntil: null,
    openings: [at],
    flapping: false,
    acknowledgement: null,
    telling: nobodyTold,
    words: null,
  }
}
