import type { Builder } from '@grafana/grafana-foundation-sdk/cog'
import * as dashboard from '@grafana/grafana-foundation-sdk/dashboard'
import type { Panel, ValueLink } from '../dashboard.ts'
import { refId } from '../dashboard.ts'
import type { PlacedPanel } from '../layout.ts'
import { thresholds, valueMap } from './field-style.ts'
import { overrides, transformations } from './table.ts'
import { target } from './target.ts'
import { type PanelBuilder, visualization } from './visualization.ts'

/** A panel at its place; `top` is the first line below the heading of its row. */
export function classicPanel({ panel, id, x, y, width }: PlacedPanel, top: number): Builder<dashboard.Panel> {
  const builder = visualization(panel)
  builder.id(id)
  builder.title(panel.title)
  builder.description(panel.description)
  builder.gridPos({ x, y: top + y, w: width, h: panel.height })
  builder.datasource(sourceOf(panel))
  addQueries(builder, panel)
  addField(builder, panel)
  if (panel.view.kind === 'table') {
    builder.transformations([...transformations(panel, panel.view)])
    for (const override of overrides(panel.view, panel.queries.length)) builder.withOverride(override)
  }
  return builder
}

function sourceOf({ queries }: Panel): { type: string; uid: string } {
  const traces = queries.find((query) => query.traces !== undefined)?.traces
  return traces === undefined
    ? { type: 'prometheus', uid: '${datasource}' }
    : { type: traces, uid: `\${${traces}_datasource}` }
}

function addQueries(builder: PanelBuilder, { queries, view }: Panel): void {
  for (const [index, query] of queries.entries()) {
    builder.withTarget(target(query, refId(index), view.kind === 'table'))
    if (query.isLimit === true) builder.withOverride(limitStyle(refId(index)))
  }
}

function addField(builder: PanelBuilder, { unit, decimals, min, max, steps, words, links, noValue }: Panel): void {
  builder.unit(unit)
  if (decimals !== undefined) builder.decimals(decimals)
  if (min !== undefined) builder.min(min)
  if (max !== undefined) builder.max(max)
  if (noValue !== undefined) builder.noValue(noValue)
  if (steps !== undefined) builder.thresholds(thresholds(steps))
  if (words !== undefined) builder.mappings([valueMap(words)])
  if (links !== undefined) builder.dataLinks(links.map(dataLink))
}

function dataLink({ title, url }: ValueLink): Builder<dashboard.DashboardLink> {
  return new dashboard.DashboardLinkBuilder(title).type(dashboard.DashboardLinkType.Link).url(url)
}

function limitStyle(query: string) {
  return {
    matcher: { id: 'byFrameRefID', options: query },
    properties: [
      { id: 'custom.lineStyle', value: { fill: 'dash', dash: [10, 10] } },
      { id: 'custom.lineWidth', value: 1 },
      { id: 'custom.fillOpacity', value: 0 },
      { id: 'custom.stacking', value: { mode: 'none', group: 'A' } },
    ],
  }
}
