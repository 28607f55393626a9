import type { Builder } from '@grafana/grafana-foundation-sdk/cog'
import * as dashboard from '@grafana/grafana-foundation-sdk/dashboard'
import type { Annotation, Dashboard, Link, Variable } from '../dashboard.ts'
import { freeId, placed } from '../layout.ts'
import { classicPanel } from './panel.ts'
import { target } from './target.ts'

/** A dashboard in the classic format, schema version 42: Grafana 10 and newer read it, from files and by the API. */
export function classicDashboard(made: Dashboard): dashboard.Dashboard {
  const builder = new dashboard.DashboardBuilder(made.title)
    .uid(made.uid)
    .description(made.description)
    .tags([...made.tags])
    .readonly()
    .tooltip(dashboard.DashboardCursorSync.Crosshair)
    .timezone('browser')
    .refresh(made.refresh)
    .time({ from: made.from, to: 'now' })
    .variables(made.variables.map(variable))
    .annotations(made.annotations.map(annotation))
    .links(made.links.map(link))
  const taken = new Set<number>()
  const rows = placed(made.uid, made.rows)
  for (const { panels } of rows) for (const { id } of panels) taken.add(id)
  for (const { row, y, panels } of rows) {
    const heading = new dashboard.RowBuilder(row.title)
      .id(freeId(`${made.uid}/${row.title}`, taken))
      .gridPos({ x: 0, y, w: 24, h: 1 })
    if (row.repeat !== undefined) heading.repeat(row.repeat)
    builder.withRow(heading)
    for (const panel of panels) builder.withPanel(classicPanel(panel, y + 1))
  }
  return builder.build()
}

function variable(made: Variable): Builder<dashboard.VariableModel> {
  if (made.kind === 'datasource') {
    return new dashboard.DatasourceVariableBuilder(made.name).label(made.label).type(made.plugin)
  }
  const builder = new dashboard.QueryVariableBuilder(made.name)
    .label(made.label)
    .description(made.description)
    .query(made.query)
    .definition(made.query)
    .datasource({ type: 'prometheus', uid: '${datasource}' })
    .refresh(dashboard.VariableRefresh.OnTimeRangeChanged)
    .sort(dashboard.VariableSort.AlphabeticalAsc)
    .multi(made.multi)
    .includeAll(made.multi)
  if (made.multi) return builder.allValue('.+').current({ text: ['All'], value: ['$__all'], selected: true })
  return made.first === '' ? builder : builder.current({ text: made.first, value: made.first, selected: true })
}

function annotation({ name, color, expr, title, text, tags, isMoment, isOn }: Annotation) {
  return new dashboard.AnnotationQueryBuilder()
    .name(name)
    .datasource({ type: 'prometheus', uid: '${datasource}' })
    .enable(isOn)
    .iconColor(color)
    .target(target({ expr }, 'Anno', false))
    .titleFormat(title)
    .textFormat(text)
    .tagKeys(tags.join(','))
    .useValueForTime(isMoment)
}

function link({ title, url, tooltip, keeps }: Link): Builder<dashboard.DashboardLink> {
  return new dashboard.DashboardLinkBuilder(title)
    .type(dashboard.DashboardLinkType.Link)
    .url(url)
    .tooltip(tooltip)
    .icon(keeps === 'nothing' ? 'external link' : 'dashboard')
    .includeVars(keeps === 'choices')
    .keepTime(keeps !== 'nothing')
    .targetBlank(keeps === 'nothing')
}
