import type { ReplicationMetrics } from '../../core/model/dashboard-settings.ts'
import type { Selector } from '../../core/model/selector.ts'
import { colors } from '../colors.ts'
import type { Panel, Row } from '../dashboard.ts'
import { inRegions, rate, sumBy } from '../promql.ts'
import type { ContentInput } from './content-input.ts'
import { views } from './views.ts'

/** Copies between regions; a panel for each metric that is named, and no row where none is. */
export function replicationRow({ settings }: ContentInput, on: 'on-call' | 'debug'): readonly Row[] {
  const { replication } = settings
  if (replication === undefined) return []
  const panels = on === 'on-call' ? onCallPanels(replication) : debugPanels(replication)
  return panels.length === 0 ? [] : [{ title: 'Replication', panels }]
}

function onCallPanels(replication: ReplicationMetrics): readonly Panel[] {
  const { from, to, lag, conflicts, conflictsBy } = replication
  const pair = `{{${from}}} → {{${to}}}`
  return [
    ...panel(lag, (metric) => ({
      title: 'Replication lag',
      description:
        'How many seconds a region is behind another; each row is a pair. A whole column that darkens is one slow receiver; reads there are stale: route them elsewhere.',
      width: 12,
      height: 8,
      view: views.cells,
      queries: [{ expr: `max by (${from}, ${to}) (${between(metric, replication)})`, legend: pair }],
      unit: 's',
      min: 0,
      steps: [
        { from: null, color: colors.good },
        { from: 3, color: colors.watch },
        { from: 30, color: colors.bad },
      ],
    })),
    ...panel(conflicts, (metric) => ({
      title: 'Conflicts',
      description:
        'Writes of two regions to the same record. A rise after a routing change means that users reach two regions at once: pin them to one.',
      width: 12,
      height: 8,
      view: views.stacked,
      queries: [{ expr: sumBy([conflictsBy], rate(between(metric, replication))), legend: `{{${conflictsBy}}}` }],
      unit: 'ops',
      min: 0,
    })),
  ]
}

function debugPanels(replication: ReplicationMetrics): readonly Panel[] {
  const { from, to, backlogBytes, backlogOperations, applied, oldestAge, conflicts, conflictsBy } = replication
  const pair = `{{${from}}} → {{${to}}}`
  const byPair = [from, to]
  const line = (title: string, description: string, unit: string, expr: string): Panel => {
    return {
      title,
      description,
      unit,
      width: 12,
      height: 7,
      view: views.lines,
      min: 0,
      queries: [{ expr, legend: pair }],
    }
  }
  const gauge = (metric: Selector) => `max by (${byPair.join(', ')}) (${between(metric, replication)})`
  return [
    ...panel(backlogBytes, (metric) =>
      line(
        'Backlog in bytes',
        'What waits to be copied. It grows while more is written than the link or the receiver takes; before the disk of the sender is full, stop bulk writes.',
        'bytes',
        gauge(metric),
      ),
    ),
    ...panel(backlogOperations, (metric) =>
      line(
        'Backlog in operations',
        'Writes that wait to be applied. Few bytes and many operations: small writes that the receiver applies one by one.',
        'short',
        gauge(metric),
      ),
    ),
    ...panel(applied, (metric) =>
      line(
        'Applied',
        'Writes that were applied a second. Zero beside a backlog: replication has stopped, and waits for somebody.',
        'ops',
        sumBy(byPair, rate(between(metric, replication))),
      ),
    ),
    ...panel(oldestAge, (metric) =>
      line(
        'Age of the oldest write not applied',
        'How much would be lost if the sender were lost now. Above your recovery point objective: do not fail over.',
        's',
        gauge(metric),
      ),
    ),
    ...panel(conflicts, (metric) => ({
      title: 'Conflicts between each pair',
      description:
        'How often regions wrote to the same record, and how that was settled. A kind that is new came with a release.',
      width: 24,
      height: 7,
      view: views.lines,
      queries: [
        {
          expr: sumBy([...byPair, conflictsBy], rate(between(metric, replication))),
          legend: `${pair} {{${conflictsBy}}}`,
        },
      ],
      unit: 'ops',
      min: 0,
    })),
  ]
}

function panel(metric: Selector | undefined, make: (metric: Selector) => Panel): readonly Panel[] {
  return metric === undefined ? [] : [make(metric)]
}

/** A region chosen is at the receiving end: that is where data is stale. */
function between(metric: Selector, { to }: ReplicationMetrics): string {
  return inRegions(metric, to)
}
