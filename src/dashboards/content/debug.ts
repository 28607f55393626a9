import type { Dashboard, Panel, Row } from '../dashboard.ts'
import { annotations } from './annotations.ts'
import type { ContentInput } from './content-input.ts'
import { dataRow } from './data.ts'
import { engineRow } from './engine.ts'
import { healthRow } from './health.ts'
import { infrastructureRows } from './infrastructure.ts'
import { latencyRow } from './latency.ts'
import { linksFrom } from './links.ts'
import { replicationRow } from './replication.ts'
import { signalPanel } from './signals.ts'
import { tracePanels } from './traces.ts'
import { eventRates } from './traffic.ts'
import { traceVariable, variables } from './variables.ts'

/** For whoever mends it: requests, data, replication, routing, machines and the engine itself. */
export function debug(input: ContentInput): Dashboard {
  const { settings } = input
  const { traces } = settings
  return {
    uid: 'slo-debug',
    title: 'SLO / Debug',
    description:
      'What is behind what burns: requests, latency, data, replication, routing, machines, and the engine itself.',
    tags: settings.tags,
    from: 'now-1h',
    refresh: '30s',
    variables: [...variables, ...(traces === undefined ? [] : [traceVariable(traces.kind)])],
    annotations: annotations(settings),
    links: linksFrom('slo-debug', settings),
    rows: [
      requestRow(input),
      ...latencyRow(input, 'debug'),
      dataRow,
      ...replicationRow(input, 'debug'),
      ...healthRow(input),
      ...infrastructureRows(input),
      engineRow,
    ],
  }
}

function requestRow(input: ContentInput): Row {
  const panels: readonly Panel[] = [eventRates, ...signalPanel(input), ...tracePanels(input)]
  return { title: 'Requests', panels }
}
