import type { Registry } from 'prom-client'
import type { StatusView } from '../ports/status-view.ts'
import { type ShowSlos, sloMetrics } from './slo-metrics.ts'

/** The page that Prometheus scrapes. */
export interface Exposition {
  readonly contentType: string
  readonly text: string
}

/** Renders everything in a registry together with the state of every SLO at that moment. */
export function exposition(
  registry: Registry,
  view: Pick<StatusView, 'slos'>,
  showSlos: ShowSlos = sloMetrics(registry),
): () => Promise<Exposition> {
  return async () => {
    showSlos(view.slos())
    const text = await registry.metrics()
    // Node's own event loop figures are not a number until there are some; prom-client prints that as "Nan".
    return { contentType: registry.contentType, text: text.replaceAll(/^.* Nan\n/gm, '') }
  }
}
