import * as dns from 'node:dns/promises'
import type { SourceConfig } from '../config/parts/sources.ts'
import { yamlDocuments } from '../documents/yaml-documents.ts'
import type { DiscoveryWorld } from '../ingest/scrape/discovery.ts'
import { type Scrapes, startScrapes } from '../ingest/scrape/scraper.ts'
import type { Clock } from '../ports/clock.ts'
import type { Log } from '../ports/log.ts'
import type { Meter } from '../ports/meter.ts'
import type { SampleSink } from '../ports/sample-sink.ts'

/** A source whose targets are scraped. */
export type ScrapeSource = SourceConfig & { readonly kind: 'scrape' }

/** Starts the scrapes of one source, whose targets may also be found in files and DNS. */
export function startScrapeInput(
  { name, region, settings }: ScrapeSource,
  sink: SampleSink,
  { clock, meter, log }: { readonly clock: Clock; readonly meter: Meter; readonly log: Log },
): Scrapes {
  return startScrapes({ source: name, region, settings, sink, clock, meter, log, discovery })
}

/**
 * Lets the scrapes of a new config go on where they serve it too, so that no target that stays is seen to end; those of
 * sources that are gone, or whose series are called otherwise now, end. Answers the names of those that go on.
 */
export async function changeScrapeInputs(
  running: ReadonlyMap<string, Scrapes>,
  before: readonly SourceConfig[],
  sources: readonly SourceConfig[],
): Promise<ReadonlySet<string>> {
  const kept = new Set<string>()
  for (const [name, scrapes] of running) {
    const old = before.find((source) => source.name === name)
    const source = sources.find((each) => each.name === name)
    if (source?.kind === 'scrape' && old !== undefined && identity(old) === identity(source)) {
      await scrapes.change(source.settings)
      kept.add(name)
    } else await scrapes.end()
  }
  return kept
}

/** What the series of a source are called by, beside what its settings say. */
export function identity({ name, kind, region, relabelling, replicas }: SourceConfig): string {
  return JSON.stringify([name, kind, region, [...relabelling.table], [...relabelling.added], replicas])
}

const discovery: DiscoveryWorld = {
  resolver: dns,
  parseTargets: (text, file) => {
    const { documents, problems } = yamlDocuments({ name: file, text })
    const [problem] = problems
    if (problem !== undefined) return { problem: `line ${problem.at.line}: ${problem.message}` }
    return { value: documents[0]?.value }
  },
}
