import type { Builder } from '@grafana/grafana-foundation-sdk/cog'
import * as v2 from '@grafana/grafana-foundation-sdk/dashboardv2'
import type { Variable } from '../dashboard.ts'

/** A choice at the top of a dashboard, in the schema v2. */
export function v2Variable(made: Variable): Builder<v2.VariableKind> {
  if (made.kind === 'datasource') {
    return new v2.DatasourceVariableBuilder(made.name).label(made.label).pluginId(made.plugin)
  }
  const builder = new v2.QueryVariableBuilder(made.name)
    .label(made.label)
    .description(made.description)
    .query(values(made.query))
    .definition(made.query)
    .refresh(v2.VariableRefresh.OnTimeRangeChanged)
    .sort(v2.VariableSort.AlphabeticalAsc)
    .multi(made.multi)
    .includeAll(made.multi)
  if (made.multi) return builder.allValue('.+').current({ text: ['All'], value: ['$__all'], selected: true })
  return made.first === '' ? builder : builder.current({ text: made.first, value: made.first, selected: true })
}

/** `label_values(…)` is no query of Prometheus: Grafana keeps it as text, under this key. */
function values(query: string): Builder<v2.DataQueryKind> {
  const kind: v2.DataQueryKind = {
    ...v2.defaultDataQueryKind(),
    group: 'prometheus',
    datasource: { name: '${datasource}' },
    spec: { __legacyStringValue: query },
  }
  return { build: () => kind }
}
