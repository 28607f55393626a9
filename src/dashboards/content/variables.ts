import type { Variable } from '../dashboard.ts'

const datasource: Variable = { kind: 'datasource', name: 'datasource', label: 'Data source', plugin: 'prometheus' }

const service: Variable = {
  kind: 'query',
  name: 'service',
  label: 'Service',
  description: 'Only SLOs of these services.',
  query: 'label_values(slo_objective_ratio, service)',
  multi: true,
  first: '',
}

const slo: Variable = {
  kind: 'query',
  name: 'slo',
  label: 'SLO',
  description: 'Only these SLOs.',
  query: 'label_values(slo_objective_ratio{service=~"$service"}, slo)',
  multi: true,
  first: '',
}

const region: Variable = {
  kind: 'query',
  name: 'region',
  label: 'Region',
  description: 'Only these regions, where a panel tells regions apart.',
  query: 'label_values(slo_objective_ratio{service=~"$service",slo=~"$slo",region!="global"}, region)',
  multi: true,
  first: '',
}

/** Choices of dashboards about many SLOs. */
export const variables: readonly Variable[] = [datasource, service, slo, region]

/** Choices of the dashboard about one SLO in one scope. */
export const detailVariables: readonly Variable[] = [
  datasource,
  service,
  { ...slo, description: 'The SLO shown.', multi: false },
  {
    ...region,
    name: 'scope',
    label: 'Scope',
    description: 'A region, or all of them together.',
    query: 'label_values(slo_objective_ratio{slo="$slo"}, region)',
    multi: false,
    first: 'global',
  },
]

/** A choice of the data source that traces are looked up in. */
export function traceVariable(kind: 'tempo' | 'jaeger'): Variable {
  const label = kind === 'tempo' ? 'Tempo data source' : 'Jaeger data source'
  return { kind: 'datasource', name: `${kind}_datasource`, label, plugin: kind }
}
