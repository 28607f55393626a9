import { type Labels, metricNameLabel } from '../../core/model/labels.ts'
import { compareTexts } from '../../core/model/text-order.ts'
import { LabelCollector } from '../wire/label-collector.ts'
import { type Attribute, readAttributes } from '../wire/otlp-attributes.ts'
import type { MetricKind } from '../wire/otlp-fields.ts'
import type { Span } from '../wire/otlp-points.ts'
import type { Refusal } from '../wire/series-visitor.ts'
import { attributeFields } from './attribute-fields.ts'
import { labelName, type NameTranslation } from './prometheus-names.ts'

/** Whose points these are. */
export interface PointContext {
  readonly kind: MetricKind
  readonly name: string
  readonly resourceLabels: ReadonlyMap<string, string>
  readonly scopeLabels: ReadonlyMap<string, string>
}

/**
 * The labels of a series, from the bytes of its points' attributes: what a point says, what its scope and resource say, and its
 * name. What a point says comes first, except about the process it is of.
 */
export function readPointLabels(
  bytes: Uint8Array,
  { start, end }: Span,
  { kind, name, resourceLabels, scopeLabels }: PointContext,
  translation: NameTranslation,
): Labels | Refusal {
  const attributes = readAttributes(bytes, start, end, attributeFields[kind])
  if ('reason' in attributes) return attributes
  const labels = new Map([...resourceLabels, ...scopeLabels, ...translated(attributes, translation)])
  for (const label of ['job', 'instance']) {
    const value = resourceLabels.get(label)
    if (value !== undefined) labels.set(label, value)
  }
  labels.set(metricNameLabel, name)
  const collector = new LabelCollector()
  for (const [label, value] of labels) collector.add(encoder.encode(label), encoder.encode(value))
  return collector.finish()
}

/** Where two keys become one label, their values are joined in the order of the keys, as OpenTelemetry asks for. */
export function translated(attributes: readonly Attribute[], translation: NameTranslation): Map<string, string> {
  const labels = new Map<string, string>()
  if (translation === 'none') {
    for (const { key, text } of attributes) labels.set(key, text)
    return labels
  }
  const last = new Map(attributes.map(({ key, text }) => [key, text]))
  for (const [key, text] of [...last].toSorted(([a], [b]) => compareTexts(a, b))) {
    const label = labelName(key)
    const before = labels.get(label)
    labels.set(label, before === undefined ? text : `${before};${text}`)
  }
  return labels
}

const encoder = new TextEncoder()
