import type { Builder } from '@grafana/grafana-foundation-sdk/cog'
import * as v2 from '@grafana/grafana-foundation-sdk/dashboardv2'
import * as prometheus from '@grafana/grafana-foundation-sdk/prometheus'
import * as tempo from '@grafana/grafana-foundation-sdk/tempo'
import { classicPanel } from '../classic/panel.ts'
import { transformations } from '../classic/table.ts'
import { formatOf } from '../classic/target.ts'
import { type Panel, type Query, refId } from '../dashboard.ts'
import type { PlacedPanel } from '../layout.ts'

/** The name under which the layout finds a panel. */
export function elementName({ id }: PlacedPanel): string {
  return `panel-${id}`
}

/** A panel in the schema v2: what draws it is that of the classic format, which both have in common. */
export function v2Panel(placed: PlacedPanel): Builder<v2.PanelKind> {
  const { panel, id } = placed
  return new v2.PanelBuilder()
    .id(id)
    .title(panel.title)
    .description(panel.description)
    .links([])
    .data(queryGroup(panel))
    .visualization(drawing(placed))
}

function queryGroup(panel: Panel): Builder<v2.QueryGroupKind> {
  const { queries, view } = panel
  const targets = queries.map((query, index) =>
    new v2.TargetBuilder()
      .refId(refId(index))
      .hidden(false)
      .query(queryOf(query, view.kind === 'table')),
  )
  const steps = view.kind === 'table' ? transformations(panel, view) : []
  return new v2.QueryGroupBuilder()
    .targets(targets)
    .transformations(steps.map(({ id, options }) => new v2.TransformationBuilder().group(id).options(options)))
    .queryOptions(new v2.QueryOptionsSpecBuilder())
}

function queryOf(query: Query, asTable: boolean): Builder<v2.DataQueryKind> {
  if (query.traces === 'tempo') {
    const search = new tempo.QueryV2Builder().datasource({ name: '${tempo_datasource}' }).queryType('traceql')
    return search.query(query.expr).limit(20).tableType(tempo.SearchTableType.Traces)
  }
  if (query.traces === 'jaeger') return jaegerQuery(query.expr)
  const builder = new prometheus.QueryV2Builder()
    .datasource({ name: '${datasource}' })
    .editorMode(prometheus.QueryEditorMode.Code)
    .expr(query.expr)
    .format(formatOf(query, asTable))
    .instant(query.instant === true)
    .range(query.instant !== true)
  if (query.legend !== undefined) builder.legendFormat(query.legend)
  return query.exemplars === true ? builder.exemplar(true) : builder
}

function jaegerQuery(service: string): Builder<v2.DataQueryKind> {
  const kind: v2.DataQueryKind = {
    ...v2.defaultDataQueryKind(),
    group: 'jaeger',
    datasource: { name: '${jaeger_datasource}' },
    spec: { queryType: 'search', service, tags: 'error=true', limit: 20 },
  }
  return { build: () => kind }
}

function drawing(placed: PlacedPanel): Builder<v2.VizConfigKind> {
  const { type, options, fieldConfig } = classicPanel(placed, 0).build()
  // The two formats have this part in common, and types of their own for it.
  const common: v2.FieldConfigSource = JSON.parse(JSON.stringify(fieldConfig))
  return new v2.VizConfigKindBuilder().group(type).options(options).fieldConfig(common)
}
