import { DateTime } from 'luxon'
import type { Report, ScopeReading, SloLine } from '../model/report.ts'

const columns = [
  'period_start',
  'period_end',
  'timezone',
  'service',
  'slo',
  'region',
  'objective',
  'sli',
  'good',
  'bad',
  'total',
  'budget_total',
  'budget_consumed',
  'budget_remaining_ratio',
  'status',
  'worst_burn_rate',
  'pages',
  'tickets',
  'excluded_seconds',
  'coverage_ratio',
] as const

type Value = string | number | null

/**
 * RFC 4180: one row per SLO, and per region of it; ratios are fractions, unknown is empty, as are counts of what nobody saw. No
 * text can become a formula.
 */
export function renderCsv(report: Report): string {
  const rows = report.slos.flatMap((line) => [
    rowOf(report, line, line.judgedScope, line.judged, line.status),
    ...line.regions
      .filter(({ region }) => region !== line.judgedScope)
      .map(({ region, reading }) => rowOf(report, line, region, reading, statusOf(reading))),
  ])
  return [columns, ...rows].map((row) => `${row.map(fieldOf).join(',')}\r\n`).join('')
}

function rowOf(
  { period }: Report,
  line: SloLine,
  scope: string,
  reading: ScopeReading,
  status: string,
): readonly Value[] {
  const alerts = line.alertsByScope.get(scope)
  const { objective, sli, bad, total, allowed, remaining, excluded, coverage } = reading
  return [
    timeOf(period.from, period.timeZone),
    timeOf(period.to, period.timeZone),
    period.timeZone,
    line.service,
    line.id,
    scope,
    objective,
    sli,
    ...(coverage === 0 ? [null, null, null, null, null] : [total - bad, bad, total, allowed, bad]),
    remaining,
    status,
    line.worstBurnRates.get(scope) ?? null,
    alerts?.pages ?? 0,
    alerts?.tickets ?? 0,
    excluded.lengthMs / 1_000,
    coverage,
  ]
}

function statusOf({ remaining }: ScopeReading): string {
  if (remaining === null) return 'unknown'
  return remaining < -1e-9 ? 'missed' : 'met'
}

function timeOf(at: number, timeZone: string): string {
  return DateTime.fromMillis(at, { zone: timeZone }).toISO({ suppressMilliseconds: true }) ?? ''
}

/** Spreadsheets take what begins with one of these for a formula, also within quotes; an apostrophe makes it text. */
const formulaStart = /^[=+\-@\t\r\n＝＋－＠]/

function fieldOf(value: Value): string {
  if (value === null) return ''
  // What binary fractions add behind the fifteenth digit is no figure of ours; counts are whole and keep all of theirs.
  if (typeof value === 'number') return String(Number.isInteger(value) ? value : Number(value.toPrecision(15)))
  const safe = formulaStart.test(value) ? `'${value}` : value
  return /[",\r\n']/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe
}
