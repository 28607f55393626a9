import type { ReportsConfig, ScheduledReport } from '../../config/parts/reports.ts'
import type { Outcome } from '../../core/model/delivery.ts'
import type { Exclusion } from '../../core/model/exclusion.ts'
import { reportLateMaxMs, reportsSentKeptMs } from '../../core/model/limits.ts'
import type { ReportFormat } from '../../core/model/report-format.ts'
import type { Slo } from '../../core/model/slo.ts'
import { type DurationMs, type EpochMs, hourMs, minuteMs } from '../../core/model/units.ts'
import { calendarPeriod } from '../../core/time/calendar-window.ts'
import type { DocumentMail } from '../../delivery/receivers/email/send-documents.ts'
import type { Clock } from '../../ports/clock.ts'
import type { Log } from '../../ports/log.ts'
import type { Meter } from '../../ports/meter.ts'
import type { Store } from '../../ports/store.ts'
import { buildReport } from '../../reports/model/build-report.ts'
import { composePage } from '../../reports/page/compose-page.ts'
import type { ReportPeriod } from '../../reports/period/read-period.ts'
import { renderReport } from '../../reports/render/render.ts'
import { storedInput } from './stored-input.ts'

/** What the schedule works in; config and rules are asked for each time, so that a reload takes effect. */
export interface ScheduleWorld {
  readonly config: () => ReportsConfig
  readonly rules: () => { readonly slos: readonly Slo[]; readonly maintenances: readonly Exclusion[] }
  readonly recipientsOf: (receiver: string) => readonly string[]
  readonly send: (receiver: string, mail: DocumentMail, signal: AbortSignal) => Promise<Outcome>
  readonly store: Pick<Store, 'dailyCounts' | 'exclusions' | 'incidents' | 'checkpoints'>
  readonly clock: Clock
  readonly log: Log
  readonly meter: Pick<Meter, 'count'>
}

/** A schedule that runs. */
export interface ReportSchedule {
  stop(): Promise<void>
}

/** How often the schedule looks up at the least: a reload may have changed it. */
const lookEveryMs = minuteMs

const retryMs: readonly DurationMs[] = [minuteMs, 5 * minuteMs, 15 * minuteMs, hourMs]

/** Where in the store it stands what was sent. */
const partName = 'reports/sent'

/**
 * Sends each scheduled report once to each recipient, and says so in the store before it goes on: a restart sends none again that
 * is known to have arrived. One that is refused is not tried again.
 */
export function startReportSchedule(world: ScheduleWorld): ReportSchedule {
  const stopping = new AbortController()
  const running = runSchedule(world, stopping.signal).catch((error: unknown) => {
    if (!stopping.signal.aborted) world.log.error({ reason: String(error) }, 'the schedule of reports ended')
  })
  return {
    stop: async () => {
      stopping.abort()
      await running
    },
  }
}

interface Attempts {
  count: number
  nextAt: EpochMs
}

async function runSchedule(world: ScheduleWorld, signal: AbortSignal): Promise<void> {
  const { clock } = world
  let sent: Map<string, EpochMs> | undefined
  const attempts = new Map<string, Attempts>()
  while (!signal.aborted) {
    const config = world.config()
    if (config.schedule.length > 0) {
      sent ??= await loadSent(world.store)
      for (const entry of config.schedule) {
        // One report that cannot be made keeps no other back, and is made again a minute later.
        await sendDue(world, config, entry, { sent, attempts }, signal).catch((error: unknown) => {
          if (signal.aborted) return
          world.meter.count('sloburn_reports_total', { report: entry.name, outcome: 'failed' })
          world.log.error({ report: entry.name, reason: String(error) }, 'report could not be made')
        })
      }
    }
    await clock.sleepUntil(clock.now() + lookEveryMs, signal)
  }
}

interface Progress {
  readonly sent: Map<string, EpochMs>
  readonly attempts: Map<string, Attempts>
}

async function sendDue(
  world: ScheduleWorld,
  config: ReportsConfig,
  entry: ScheduledReport,
  { sent, attempts }: Progress,
  signal: AbortSignal,
) {
  const { clock, log } = world
  const now = clock.now()
  const period = lastPeriod(entry, config.timeZone, now)
  const dueAt = period.to + entry.afterMs
  if (now < dueAt) return
  const keyed = (recipient: string) => keyOf(entry, period, recipient)
  if (now > dueAt + reportLateMaxMs) return giveUp(world, entry, period, { sent, attempts })
  const waiting = world.recipientsOf(entry.receiver).filter((recipient) => {
    const key = keyed(recipient)
    return !sent.has(key) && now >= (attempts.get(key)?.nextAt ?? now)
  })
  if (waiting.length === 0) return
  const mail = await makeMail(world, config, entry, period)
  for (const recipient of waiting) {
    const key = keyed(recipient)
    const outcome = await world.send(entry.receiver, { ...mail, recipient }, signal)
    if (signal.aborted && outcome.kind !== 'delivered') return
    const about = { report: entry.name, period: period.label, recipient }
    if (outcome.kind === 'delivered' || outcome.kind === 'rejected') {
      world.meter.count('sloburn_reports_total', { report: entry.name, outcome: outcome.kind })
      attempts.delete(key)
      sent.set(key, now)
      await saveSent(world.store, sent, now)
      if (outcome.kind === 'delivered') log.info(about, 'report sent')
      else log.error({ ...about, reason: outcome.reason }, 'report refused')
      continue
    }
    const count = (attempts.get(key)?.count ?? 0) + 1
    attempts.set(key, { count, nextAt: clock.now() + retryMs[Math.min(count, retryMs.length) - 1] })
    world.meter.count('sloburn_reports_total', { report: entry.name, outcome: 'retried' })
    log.warn({ ...about, reason: outcome.reason }, 'report not sent; it is tried again')
  }
}

/** Says once for each recipient that a report was tried in vain until it was too late. */
function giveUp(
  { log, meter, recipientsOf }: ScheduleWorld,
  entry: ScheduledReport,
  period: ReportPeriod,
  { sent, attempts }: Progress,
): void {
  for (const recipient of recipientsOf(entry.receiver)) {
    const key = keyOf(entry, period, recipient)
    if (!attempts.delete(key) || sent.has(key)) continue
    meter.count('sloburn_reports_total', { report: entry.name, outcome: 'missed' })
    log.error({ report: entry.name, period: period.label, recipient }, 'report given up: it is too late for it')
  }
}

/** The period that was over last, so that its report is due. */
function lastPeriod({ every, afterMs }: ScheduledReport, timeZone: string, now: EpochMs): ReportPeriod {
  const current = calendarPeriod(every, timeZone, now - afterMs)
  const { start, end, label } = calendarPeriod(every, timeZone, current.start - 1)
  return { label, from: start, to: end, unit: every, timeZone }
}

async function makeMail(
  world: ScheduleWorld,
  config: ReportsConfig,
  entry: ScheduledReport,
  period: ReportPeriod,
): Promise<DocumentMail> {
  const ask = { period, compare: true, ...world.rules(), settings: config, now: world.clock.now() }
  const report = buildReport(await storedInput(world.store, ask))
  const page = composePage(report)
  const files = await Promise.all(
    entry.formats.map(async (format) => ({
      name: `${entry.name.replace(/[^a-zA-Z0-9-]+/g, '-')}-${period.label}.${format}`,
      mediaType: mediaTypes[format],
      content: await renderReport(report, format),
    })),
  )
  const verdict = page.blocks.flatMap((block) => (block.kind === 'verdict' ? [block.text] : []))
  const tiles = page.blocks.flatMap((block) => (block.kind === 'tiles' ? block.tiles : []))
  const figures = tiles.map(({ label, value, note }) => `${label}: ${value}${note === '' ? '' : ` (${note})`}`)
  const decisions = report.decisions.map(({ what, proposal, owner }) => `- ${what} ${proposal} (${owner})`)
  const text = [
    ...verdict,
    figures.join('\n'),
    ...(decisions.length > 0 ? [`Needs a decision:\n${decisions.join('\n')}`] : []),
    page.subtitle,
    page.footer,
  ].filter((part) => part !== '')
  return {
    id: `report/${entry.name}/${period.label}`,
    recipient: '',
    subject: page.title,
    text: `${text.join('\n\n')}\n`,
    at: ask.now,
    files,
  }
}

const mediaTypes: Readonly<Record<ReportFormat, string>> = {
  html: 'text/html; charset=utf-8',
  pdf: 'application/pdf',
  md: 'text/markdown; charset=utf-8',
  csv: 'text/csv; charset=utf-8',
  json: 'application/json',
}

function keyOf({ name }: ScheduledReport, { label }: ReportPeriod, recipient: string): string {
  return JSON.stringify([name, label, recipient])
}

async function loadSent({ checkpoints }: ScheduleWorld['store']): Promise<Map<string, EpochMs>> {
  const part = (await checkpoints.read([partName])).get(partName)
  const entries: unknown = part === undefined ? [] : JSON.parse(new TextDecoder().decode(part))
  const list: readonly unknown[] = Array.isArray(entries) ? entries : []
  return new Map(list.flatMap((entry) => (Array.isArray(entry) ? [[String(entry[0]), Number(entry[1])] as const] : [])))
}

async function saveSent(
  { checkpoints }: ScheduleWorld['store'],
  sent: Map<string, EpochMs>,
  now: EpochMs,
): Promise<void> {
  for (const [key, at] of sent) if (at < now - reportsSentKeptMs) sent.delete(key)
  await checkpoints.save(new Map([[partName, new TextEncoder().encode(JSON.stringify([...sent]))]]), [])
}
