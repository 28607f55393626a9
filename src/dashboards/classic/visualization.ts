import * as bargauge from '@grafana/grafana-foundation-sdk/bargauge'
import type { Builder } from '@grafana/grafana-foundation-sdk/cog'
import * as common from '@grafana/grafana-foundation-sdk/common'
import * as dashboard from '@grafana/grafana-foundation-sdk/dashboard'
import * as gauge from '@grafana/grafana-foundation-sdk/gauge'
import * as heatmap from '@grafana/grafana-foundation-sdk/heatmap'
import * as piechart from '@grafana/grafana-foundation-sdk/piechart'
import * as stat from '@grafana/grafana-foundation-sdk/stat'
import * as statetimeline from '@grafana/grafana-foundation-sdk/statetimeline'
import * as statushistory from '@grafana/grafana-foundation-sdk/statushistory'
import * as table from '@grafana/grafana-foundation-sdk/table'
import * as timeseries from '@grafana/grafana-foundation-sdk/timeseries'
import type { Panel, View } from '../dashboard.ts'

/** What the builders of all kinds of panels have in common. */
export interface PanelBuilder extends Builder<dashboard.Panel> {
  id(id: number): unknown
  title(title: string): unknown
  description(description: string): unknown
  datasource(datasource: common.DataSourceRef): unknown
  gridPos(gridPos: dashboard.GridPos): unknown
  unit(unit: string): unknown
  decimals(decimals: number): unknown
  min(min: number): unknown
  max(max: number): unknown
  noValue(noValue: string): unknown
  mappings(mappings: dashboard.ValueMapping[]): unknown
  thresholds(thresholds: Builder<dashboard.ThresholdsConfig>): unknown
  colorScheme(color: Builder<dashboard.FieldColor>): unknown
  dataLinks(links: Builder<dashboard.DashboardLink>[]): unknown
  withTarget(target: Builder<{ readonly refId?: string; _implementsDataqueryVariant(): void }>): unknown
  transformations(transformations: dashboard.DataTransformerConfig[]): unknown
  withOverride(override: { matcher: dashboard.MatcherConfig; properties: dashboard.DynamicConfigValue[] }): unknown
}

/** The builder of a panel's kind, with how it draws. */
export function visualization({ view, unit, steps }: Panel): PanelBuilder {
  switch (view.kind) {
    case 'stat':
      return new stat.PanelBuilder()
        .reduceOptions(last())
        .graphMode(view.graph ? common.BigValueGraphMode.Area : common.BigValueGraphMode.None)
        .colorMode(common.BigValueColorMode.Value)
        .textMode(view.names ? common.BigValueTextMode.ValueAndName : common.BigValueTextMode.Value)
        .colorScheme(byThresholds())
    case 'gauge':
      return new gauge.PanelBuilder()
        .reduceOptions(last())
        .showThresholdMarkers(true)
        .showThresholdLabels(true)
        .colorScheme(byThresholds())
    case 'bars':
      return new bargauge.PanelBuilder()
        .reduceOptions(last())
        .orientation(common.VizOrientation.Horizontal)
        .displayMode(common.BarGaugeDisplayMode.Basic)
        .valueMode(common.BarGaugeValueMode.Color)
        .colorScheme(byThresholds())
    case 'pie':
      return new piechart.PanelBuilder()
        .reduceOptions(last())
        .pieType(piechart.PieChartType.Donut)
        .displayLabels([piechart.PieChartLabels.Name, piechart.PieChartLabels.Percent])
        .legend(new piechart.PieChartLegendOptionsBuilder().showLegend(true).placement(common.LegendPlacement.Right))
        .colorScheme(byName())
    case 'cells':
      return new statushistory.PanelBuilder()
        .showValue(common.VisibilityMode.Never)
        .rowHeight(0.9)
        .legend(legend(false))
        .colorScheme(steps === undefined ? byAmount() : byThresholds())
    case 'timeline':
      return new statetimeline.PanelBuilder()
        .mergeValues(true)
        .showValue(common.VisibilityMode.Auto)
        .rowHeight(0.85)
        .legend(legend(true))
        .tooltip(everySeries())
        .colorScheme(byThresholds())
    case 'heatmap':
      return new heatmap.PanelBuilder()
        .color(heatmapColors())
        .showLegend()
        .yAxis(new heatmap.YAxisConfigBuilder().unit(unit))
        .cellValues(new heatmap.CellValuesBuilder().unit('reqps'))
    case 'table':
      return new table.PanelBuilder()
        .showHeader(true)
        .filterable(true)
        .cellHeight(common.TableCellHeight.Sm)
        .sortBy([new common.TableSortByFieldStateBuilder().displayName(view.sortBy).desc(view.descending)])
    default:
      return lines(view)
  }
}

function lines(view: View & { readonly kind: 'lines' }): PanelBuilder {
  const builder = new timeseries.PanelBuilder()
    .lineWidth(2)
    .fillOpacity(view.fill ? 20 : 0)
    .showPoints(common.VisibilityMode.Never)
    .legend(legend(true))
    .tooltip(everySeries())
    .colorScheme(byName())
  if (view.stacked) builder.stacking(new common.StackingConfigBuilder().mode(common.StackingMode.Normal).group('A'))
  return builder
}

function last(): Builder<common.ReduceDataOptions> {
  return new common.ReduceDataOptionsBuilder().calcs(['lastNotNull']).fields('').values(false)
}

function legend(isShown: boolean): Builder<common.VizLegendOptions> {
  return new common.VizLegendOptionsBuilder()
    .showLegend(isShown)
    .displayMode(common.LegendDisplayMode.List)
    .placement(common.LegendPlacement.Bottom)
    .calcs([])
}

function everySeries(): Builder<common.VizTooltipOptions> {
  return new common.VizTooltipOptionsBuilder().mode(common.TooltipDisplayMode.Multi).sort(common.SortOrder.Descending)
}

function heatmapColors(): Builder<heatmap.HeatmapColorOptions> {
  // Its lightness rises evenly, and so it can be read without seeing colours.
  return new heatmap.HeatmapColorOptionsBuilder().mode(heatmap.HeatmapColorMode.Scheme).scheme('Cividis').steps(64)
}

function byThresholds(): Builder<dashboard.FieldColor> {
  return new dashboard.FieldColorBuilder().mode(dashboard.FieldColorModeId.Thresholds)
}

/** A series keeps its colour whatever others there are. */
function byName(): Builder<dashboard.FieldColor> {
  return new dashboard.FieldColorBuilder().mode(dashboard.FieldColorModeId.PaletteClassicByName)
}

function byAmount(): Builder<dashboard.FieldColor> {
  return new dashboard.FieldColorBuilder().mode(dashboard.FieldColorModeId.ContinuousBlues)
}
