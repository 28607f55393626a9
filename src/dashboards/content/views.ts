import type { View } from '../dashboard.ts'

/** The ways of drawing that panels use. */
export const views = {
  /** One large figure. */
  figure: { kind: 'stat', graph: false, names: false },
  /** One large figure over its course. */
  trend: { kind: 'stat', graph: true, names: false },
  /** Several figures with their names. */
  figures: { kind: 'stat', graph: false, names: true },
  gauge: { kind: 'gauge' },
  bars: { kind: 'bars' },
  lines: { kind: 'lines', fill: false, stacked: false, limitAtSteps: false },
  /** Lines with a dashed one at each step of the panel. */
  linesWithSteps: { kind: 'lines', fill: false, stacked: false, limitAtSteps: true },
  area: { kind: 'lines', fill: true, stacked: false, limitAtSteps: false },
  stacked: { kind: 'lines', fill: true, stacked: true, limitAtSteps: false },
  pie: { kind: 'pie' },
  /** Rows of coloured cells over time. */
  cells: { kind: 'cells' },
  /** Rows of states over time. */
  timeline: { kind: 'timeline' },
  heatmap: { kind: 'heatmap' },
} as const satisfies Readonly<Record<string, View>>
