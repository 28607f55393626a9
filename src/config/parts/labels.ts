import {
  defaultLabelTable,
  type LabelTable,
  type LabelTableDocument,
  labelTable,
  labelTableSchema,
} from '../../ingest/relabel/config.ts'
import { shapeCheck } from '../check-shape.ts'
import type { Reading } from '../part-reading.ts'

const hasTableShape = shapeCheck<LabelTableDocument>(labelTableSchema)

/** The table of normalised labels: what `labels:` says, beside the one that is built in. */
export function readLabels(value: unknown, { problems }: Reading): LabelTable {
  if (value === undefined || !hasTableShape(value, '/labels', problems)) return defaultLabelTable
  return labelTable(value, defaultLabelTable)
}
