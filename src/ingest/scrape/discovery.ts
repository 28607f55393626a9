import type { Clock } from '../../ports/clock.ts'
import type { Log } from '../../ports/log.ts'
import type { Meter } from '../../ports/meter.ts'
import { slept } from '../slept.ts'
import type { ScrapeConfig } from './config.ts'
import { type DnsResolver, lookUp } from './dns-discovery.ts'
import { type ParseTargets, readTargetFiles } from './file-discovery.ts'
import type { ScrapeTarget } from './target.ts'

/** Where targets are looked for. */
export interface DiscoveryWorld {
  readonly resolver: DnsResolver
  /** Reads the text of a file as JSON or YAML; a text says what is wrong with it. */
  readonly parseTargets: ParseTargets
}

/** The running search for the targets of one source. */
export interface Discovery {
  stop(): Promise<void>
  /** Files that cannot be used and names that are not answered, in sentences. */
  problems(): readonly string[]
  /** The targets found last. */
  found(): readonly ScrapeTarget[]
}

interface DiscoveryOptions extends DiscoveryWorld {
  readonly source: string
  readonly settings: ScrapeConfig
  readonly clock: Clock
  readonly meter: Meter
  readonly log: Log
}

/** What one file or name said when it last said anything. */
export interface Found {
  /** The file, or the name in DNS. */
  readonly place: string
  readonly kind: 'file' | 'dns'
  readonly result: { readonly targets: readonly ScrapeTarget[] } | { readonly problem: string }
}

/**
 * Looks for targets again and again. A file or a name that cannot be read keeps the targets it had, and that is said once;
 * one that is gone has none.
 */
export function startDiscovery(
  options: DiscoveryOptions,
  onTargets: (targets: readonly ScrapeTarget[]) => void,
): Discovery {
  const { settings, clock } = options
  const known = new Map<string, readonly ScrapeTarget[]>()
  const problems = new Map<string, string>()
  const stopping = new AbortController()
  const round = async (): Promise<void> => {
    const found = [
      ...(await readTargetFiles(settings, options.parseTargets)),
      ...(await lookUp(settings, options.resolver)),
    ]
    if (stopping.signal.aborted) return
    const before = JSON.stringify([...known].map(([place, targets]) => [place, targets.map(shown)]))
    const places = new Set(found.map(({ place }) => place))
    for (const place of known.keys()) if (!places.has(place)) known.delete(place)
    for (const place of problems.keys()) if (!places.has(place)) problems.delete(place)
    for (const each of found) note(each, known, problems, options)
    if (JSON.stringify([...known].map(([place, targets]) => [place, targets.map(shown)])) !== before) {
      onTargets([...known.values()].flat())
    }
  }
  const run = async (): Promise<void> => {
    if (settings.files.length + settings.dns.length === 0) return
    while (!stopping.signal.aborted) {
      await round()
      if (!(await slept(clock, clock.now() + settings.refreshMs, stopping.signal))) return
    }
  }
  const running = run()
  return {
    stop: async () => {
      stopping.abort(new Error('stopped'))
      await running
    },
    problems: () => [...problems].map(([place, problem]) => `${place}: ${problem}`),
    found: () => [...known.values()].flat(),
  }
}

function note(
  { place, kind, result }: Found,
  known: Map<string, readonly ScrapeTarget[]>,
  problems: Map<string, string>,
  { source, meter, log }: DiscoveryOptions,
): void {
  const isGood = 'targets' in result
  meter.count('sloburn_discovery_refreshes_total', { source, kind, outcome: isGood ? 'succeeded' : 'failed' })
  if (isGood) {
    known.set(place, result.targets)
    if (problems.delete(place)) log.info({ source, place }, 'targets can be read again')
  } else if (problems.get(place) !== result.problem) {
    problems.set(place, result.problem)
    const kept = known.get(place)?.length ?? 0
    log.warn({ source, place, problem: result.problem, kept }, 'targets cannot be read; those known stay')
  }
}

function shown({ url, instance, labels }: ScrapeTarget): unknown {
  return [url, instance, [...labels]]
}
