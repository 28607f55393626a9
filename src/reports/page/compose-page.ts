import type { Report } from '../model/report.ts'
import { alertSection } from './alert-section.ts'
import type { Block, Page } from './blocks.ts'
import { formatTime } from './figures.ts'
import { incidentSection, regionSection } from './incident-section.ts'
import { methodSection } from './method-section.ts'
import { decisionSection, heatSection, tilesOf, verdictOf } from './overview-section.ts'
import { burndownSection, sloSection } from './slo-section.ts'

/** Puts a report into words and figures as people read them, in the order in which they ask. */
export function composePage(report: Report): Page {
  const { period, settings, dataUntil } = report
  const name = [settings.organisation, settings.title].filter((text) => text !== '').join(' · ')
  const blocks: Block[] = [
    ...verdictOf(report),
    tilesOf(report),
    ...decisionSection(report),
    ...heatSection(report),
    ...sloSection(report),
    ...burndownSection(report),
    ...incidentSection(report),
    ...regionSection(report),
    ...alertSection(report),
    ...methodSection(report),
  ]
  const until = dataUntil === null ? 'no data' : `data up to ${formatTime(dataUntil, period.timeZone)}`
  return {
    title: `${name} ${period.label}`,
    subtitle: `${formatTime(period.from, period.timeZone)} to ${formatTime(period.to, period.timeZone)}, ${period.timeZone} · ${until}${report.isFinished ? '' : ' · the period is not over yet'}`,
    accent: settings.accent,
    footer: settings.footer,
    language: 'en',
    blocks,
  }
}
