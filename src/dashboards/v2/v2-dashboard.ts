import type { Builder } from '@grafana/grafana-foundation-sdk/cog'
import * as v2 from '@grafana/grafana-foundation-sdk/dashboardv2'
import * as prometheus from '@grafana/grafana-foundation-sdk/prometheus'
import type { Manifest } from '@grafana/grafana-foundation-sdk/resource'
import type { Annotation, Dashboard, Link } from '../dashboard.ts'
import { type PlacedRow, placed } from '../layout.ts'
import { elementName, v2Panel } from './v2-panel.ts'
import { v2Variable } from './v2-variable.ts'

/** A dashboard as a resource of the schema v2, which Grafana 12 and newer take; `folder` is the uid of its folder. */
export function v2Dashboard(made: Dashboard, folder: string): Manifest {
  const rows = placed(made.uid, made.rows)
  const builder = new v2.DashboardBuilder(made.title)
    .description(made.description)
    .tags([...made.tags])
    .editable(false)
    .cursorSync(v2.DashboardCursorSync.Crosshair)
    .timeSettings(new v2.TimeSettingsBuilder().timezone('browser').from(made.from).to('now').autoRefresh(made.refresh))
    .variables(made.variables.map(v2Variable))
    .annotations(made.annotations.map(annotation))
    .links(made.links.map(link))
    .layout(new v2.RowsBuilder().rows(rows.map(row)))
  for (const one of rows.flatMap(({ panels }) => panels)) builder.element(elementName(one), v2Panel(one))
  const manifest = v2.manifest(made.uid, builder).build()
  return { ...manifest, metadata: { ...manifest.metadata, annotations: { 'grafana.app/folder': folder } } }
}

function row({ row: { title, repeat }, panels }: PlacedRow): Builder<v2.RowsLayoutRowKind> {
  const items = panels.map((one) =>
    new v2.GridItemBuilder().name(elementName(one)).x(one.x).y(one.y).width(one.width).height(one.panel.height),
  )
  const builder = new v2.RowBuilder().title(title).collapse(false).layout(new v2.GridBuilder().items(items))
  return repeat === undefined ? builder : builder.repeat(new v2.RowRepeatOptionsBuilder().value(repeat))
}

function annotation({ name, color, expr, title, text, tags, isMoment, isOn }: Annotation) {
  const query = new prometheus.QueryV2Builder().datasource({ name: '${datasource}' }).expr(expr)
  return new v2.AnnotationQueryBuilder()
    .name(name)
    .enable(isOn)
    .hide(false)
    .iconColor(color)
    .query(query)
    .legacyOptions({ titleFormat: title, textFormat: text, tagKeys: tags.join(','), useValueForTime: isMoment })
}

function link({ title, url, tooltip, keeps }: Link): Builder<v2.DashboardLink> {
  return new v2.DashboardLinkBuilder()
    .title(title)
    .type(v2.DashboardLinkType.Link)
    .url(url)
    .tooltip(tooltip)
    .icon(keeps === 'nothing' ? 'external link' : 'dashboard')
    .tags([])
    .asDropdown(false)
    .includeVars(keeps === 'choices')
    .keepTime(keeps !== 'nothing')
    .targetBlank(keeps === 'nothing')
}
