import type { Builder } from '@grafana/grafana-foundation-sdk/cog'
import * as prometheus from '@grafana/grafana-foundation-sdk/prometheus'
import * as tempo from '@grafana/grafana-foundation-sdk/tempo'
import type { Query } from '../dashboard.ts'

interface Target {
  readonly refId?: string
  _implementsDataqueryVariant(): void
}

/** A query as Grafana stores it. */
export function target(query: Query, letter: string, asTable: boolean): Builder<Target> {
  if (query.traces === 'tempo') return tempoTarget(query, letter)
  if (query.traces === 'jaeger') return jaegerTarget(query, letter)
  const builder = new prometheus.DataqueryBuilder()
    .refId(letter)
    .datasource({ type: 'prometheus', uid: '${datasource}' })
    .editorMode(prometheus.QueryEditorMode.Code)
    .expr(query.expr)
    .format(formatOf(query, asTable))
  if (query.legend !== undefined) builder.legendFormat(query.legend)
  if (query.exemplars === true) builder.exemplar(true)
  return query.instant === true ? builder.instant() : builder.range()
}

/** How Prometheus' answer is given to the panel. */
export function formatOf({ buckets }: Query, asTable: boolean): prometheus.PromQueryFormat {
  if (asTable) return prometheus.PromQueryFormat.Table
  return buckets === true ? prometheus.PromQueryFormat.Heatmap : prometheus.PromQueryFormat.TimeSeries
}

function tempoTarget({ expr }: Query, letter: string): Builder<Target> {
  return new tempo.DataqueryBuilder()
    .refId(letter)
    .datasource({ type: 'tempo', uid: '${tempo_datasource}' })
    .queryType('traceql')
    .query(expr)
    .limit(20)
    .tableType(tempo.SearchTableType.Traces)
}

/** The SDK has no builder for Jaeger. */
function jaegerTarget({ expr }: Query, letter: string): Builder<Target> {
  const query = {
    refId: letter,
    datasource: { type: 'jaeger', uid: '${jaeger_datasource}' },
    queryType: 'search',
    service: expr,
    tags: 'error=true',
    limit: 20,
    _implementsDataqueryVariant: () => {},
  }
  return { build: () => query }
}
