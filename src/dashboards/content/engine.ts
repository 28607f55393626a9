import type { Panel, Row } from '../dashboard.ts'
import { rate, sumBy } from '../promql.ts'
import { views } from './views.ts'

const quiet = 'there may have been none'

/** Whether the engine itself works: what comes in, how long it thinks, what goes out. */
export const engineRow: Row = {
  title: 'Engine',
  panels: [
    lines({
      title: 'Samples counted',
      description:
        'Samples of wanted series a second, by source. A source that falls to zero sends nothing, or nothing that a rule wants.',
      unit: 'cps',
      queries: [{ expr: sumBy(['source'], rate('sloburn_ingest_samples_total')), legend: '{{source}}' }],
    }),
    lines({
      title: 'Samples refused',
      description:
        'Samples that were not counted, by source and reason. Too old: a sender that was away. Another reason: see docs/ingest.md for what each means.',
      unit: 'cps',
      queries: [
        {
          expr: sumBy(['source', 'reason'], rate('sloburn_ingest_rejected_samples_total')),
          legend: '{{source}} {{reason}}',
        },
      ],
      mayBeEmpty: quiet,
    }),
    lines({
      title: 'Time of an evaluation',
      description:
        'How long the engine takes for one round, of twenty rounds the slowest, and how long storing it takes. Above the evaluation interval it falls behind: give it a core, or fewer series.',
      unit: 's',
      queries: [
        { expr: p95('sloburn_evaluation_duration_seconds'), legend: 'evaluation', exemplars: false },
        { expr: p95('sloburn_commit_duration_seconds'), legend: 'commit', exemplars: false },
      ],
    }),
    lines({
      title: 'Data age by region',
      description:
        'How long ago the data of each region was last complete. It lies at one or two scrapes; it climbs while a region is not heard of.',
      unit: 's',
      queries: [
        {
          expr: 'max by (region) (time() - sloburn_watermark_timestamp_seconds{region=~"$region"})',
          legend: '{{region}}',
        },
      ],
    }),
    lines({
      title: 'Delivery attempts by outcome',
      description:
        'Messages on their way to people. Retries come from a receiver that is slow or limits; rejected ones need their settings mended: nobody else will tell you.',
      unit: 'ops',
      queries: [
        {
          expr: sumBy(['receiver', 'outcome'], rate('sloburn_delivery_attempts_total')),
          legend: '{{receiver}} {{outcome}}',
        },
      ],
      mayBeEmpty: 'there may have been nothing to deliver',
    }),
    lines({
      title: 'Messages that wait',
      description:
        'Messages that are not delivered yet. More than zero for minutes: look at the outcomes beside it, and reach the on-call by other means.',
      unit: 'short',
      queries: [{ expr: 'sum by (receiver) (sloburn_outbox_deliveries)', legend: '{{receiver}}' }],
      mayBeEmpty: 'there may be nothing to deliver',
    }),
    lines({
      title: 'Alerts and incidents decided',
      description:
        'What the engine decided: alerts that fired and resolved, and what became of incidents. Many openings with few messages are silences or maintenance at work.',
      unit: 'ops',
      queries: [
        {
          expr: sumBy(['event', 'severity'], rate('sloburn_alert_events_total')),
          legend: 'alert {{severity}} {{event}}',
        },
        { expr: sumBy(['kind'], rate('sloburn_incident_events_total')), legend: 'incident {{kind}}' },
      ],
      mayBeEmpty: quiet,
    }),
    lines({
      title: 'Limits reached',
      description:
        'A limit that was reached means that something was refused, and by name what. docs/metrics.md and the log say more; raise it, or send less.',
      unit: 'ops',
      queries: [{ expr: sumBy(['limit'], rate('sloburn_limit_hits_total')), legend: '{{limit}}' }],
      mayBeEmpty: 'no limit may have been reached',
    }),
    {
      title: 'Series',
      description:
        'Series that each source sends, wanted by a rule or not. Many that are not wanted cost memory: let the sender drop them.',
      width: 12,
      height: 7,
      view: views.stacked,
      queries: [{ expr: 'sum by (source, wanted) (sloburn_ingest_series)', legend: '{{source}} wanted={{wanted}}' }],
      unit: 'short',
      min: 0,
    },
    {
      title: 'Memory of the engine',
      description:
        'What the process takes. It follows the number of series; when it grows although they do not, restart it, and report it.',
      width: 12,
      height: 7,
      view: views.lines,
      queries: [
        {
          expr: 'process_resident_memory_bytes and on (instance, job) sloburn_build_info',
          legend: '{{instance}}',
        },
      ],
      unit: 'bytes',
      min: 0,
    },
  ],
}

function lines(panel: Pick<Panel, 'title' | 'description' | 'unit' | 'queries' | 'mayBeEmpty'>): Panel {
  return { ...panel, width: 12, height: 7, view: views.lines, min: 0 }
}

function p95(histogram: string): string {
  return `histogram_quantile(0.95, ${sumBy(['le'], rate(`${histogram}_bucket`))})`
}
