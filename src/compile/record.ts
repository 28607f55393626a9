import type { Slo } from '../core/model/slo.ts'
import type { RecordingRule, StaticLabels } from './rule-group.ts'

/** Records a series of an SLO; the labels are those beside its name and service. */
export function record({ name, service }: Slo, series: string, expr: string, labels: StaticLabels = {}): RecordingRule {
  return { kind: 'record', record: series, expr, labels: { slo: name, service, ...labels } }
}
