import type * as dashboard from '@grafana/grafana-foundation-sdk/dashboard'
import type { Column, Panel, View } from '../dashboard.ts'
import { refId } from '../dashboard.ts'
import { thresholds, valueMap } from './field-style.ts'

type Table = View & { readonly kind: 'table' }

interface Override {
  matcher: dashboard.MatcherConfig
  properties: dashboard.DynamicConfigValue[]
}

/** Puts the answers of all queries into one table with the columns wanted, in their order. */
export function transformations({ queries }: Panel, { columns }: Table): readonly dashboard.DataTransformerConfig[] {
  if (columns.length === 0) return []
  const names = columns.map((column) => fieldOf(column, queries.length))
  const values = queries.map((_, index) => valueField(index, queries.length))
  const unwanted = ['Time', ...values.filter((name) => !names.includes(name))]
  const organize = {
    id: 'organize',
    options: {
      excludeByName: Object.fromEntries(unwanted.map((name) => [name, true])),
      indexByName: Object.fromEntries(names.map((name, index) => [name, index])),
      renameByName: {},
    },
  }
  return queries.length === 1 ? [organize] : [{ id: 'merge', options: {} }, organize]
}

/** How each column looks. Fields keep their names, which links refer to; only what is shown above them differs. */
export function overrides({ columns }: Table, queryCount: number): readonly Override[] {
  return columns.map((column) => ({
    matcher: { id: 'byName', options: fieldOf(column, queryCount) },
    properties: [...properties(column)],
  }))
}

function properties({ title, unit, decimals, steps, words, links, noValue, width }: Column) {
  return [
    { id: 'displayName', value: title },
    ...(unit === undefined ? [] : [{ id: 'unit', value: unit }]),
    ...(decimals === undefined ? [] : [{ id: 'decimals', value: decimals }]),
    ...(steps === undefined ? [] : [{ id: 'thresholds', value: thresholds(steps).build() }, colored]),
    ...(words === undefined ? [] : [{ id: 'mappings', value: [valueMap(words)] }, colored]),
    ...(links === undefined
      ? []
      : [{ id: 'links', value: links.map(({ title: text, url }) => ({ title: text, url })) }]),
    ...(noValue === undefined ? [] : [{ id: 'noValue', value: noValue }]),
    ...(width === undefined ? [] : [{ id: 'custom.width', value: width }]),
  ]
}

const colored = { id: 'custom.cellOptions', value: { type: 'color-background', mode: 'basic' } }

function fieldOf({ of }: Column, queryCount: number): string {
  return 'label' in of ? of.label : valueField(of.query, queryCount)
}

/** As Grafana calls the values of a query. */
function valueField(index: number, queryCount: number): string {
  return queryCount === 1 ? 'Value' : `Value #${refId(index)}`
}
