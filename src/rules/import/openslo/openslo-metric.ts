import type { ForeignValue } from '../foreign-value.ts'
import type { ImportNotes } from '../import-notes.ts'
import { type QueryText, queryText } from '../query-text.ts'
import type { OpensloObjects } from './openslo-objects.ts'

/** Stores whose queries are PromQL, by any of the names they go by. */
const promqlSources = /prometheus|promql|thanos|mimir|cortex|victoria-?metrics/i

const known: ReadonlySet<string> = new Set(['query', 'promql', 'queryType'])

/** The query of a metric, of v1 (`metricSource`) or v1alpha; undefined when it is no PromQL, which is an error. */
export function opensloMetric(
  metric: ForeignValue,
  objects: OpensloObjects,
  notes: ImportNotes,
): QueryText | undefined {
  const source = metric.at('metricSource')
  return source.value === undefined ? alphaMetric(metric, notes) : sourceMetric(source, objects, notes)
}

function sourceMetric(source: ForeignValue, objects: OpensloObjects, notes: ImportNotes): QueryText | undefined {
  const dataSource = objects.findIfThere('DataSource', source.at('metricSourceRef').text)
  const own = source.at('type')
  const type = own.text === undefined && dataSource !== undefined ? dataSource.at('spec', 'type') : own
  if (type.text !== undefined && !promqlSources.test(type.text))
    return refuseType(own.text === undefined ? source : own, type.text, notes)
  if (type.text === undefined) {
    const message = 'it is not said which kind of source this is asked of; the query is taken to be PromQL'
    notes.warn('IMPORT_ASSUMED', source, message, 'write type: Prometheus')
  }
  const spec = source.at('spec')
  for (const [key, value] of spec.entries()) {
    if (!known.has(key))
      notes.warn(
        'IMPORT_LEFT_OUT',
        value.placeOfKey(),
        `metricSource.spec.${key} is left out: a query needs no more than its text`,
      )
  }
  const query = spec.at('query').text === undefined ? spec.at('promql') : spec.at('query')
  if (query.text !== undefined) return queryText(query)
  notes.refuse('MISSING_KEY', spec, 'the metric source has no query', 'write the PromQL as spec.query')
  return undefined
}

function alphaMetric(metric: ForeignValue, notes: ImportNotes): QueryText | undefined {
  for (const key of ['source', 'queryType']) {
    const { text } = metric.at(key)
    if (text !== undefined && !promqlSources.test(text)) return refuseType(metric.at(key), text, notes)
  }
  return queryText(metric.at('query'))
}

function refuseType(where: ForeignValue, type: string, notes: ImportNotes): undefined {
  const message = `the query is for "${type}", and sloburn reads PromQL`
  const hint =
    'what a Prometheus-compatible store answers can be used: Prometheus, Thanos, Mimir, Cortex, VictoriaMetrics'
  notes.refuse('IMPORT_REFUSED', where, message, hint)
}
