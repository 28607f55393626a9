const windows = ['5m', '30m', '1h', '2h', '6h', '1d', '3d']

/** The rules that Sloth makes of so many SLOs, by region: 17 in three groups each. */
export function slothRules(slos: number): string {
  const groups = Array.from({ length: slos }, (_, slo) => groupsOf(`s${slo}`)).flat()
  return JSON.stringify({ groups })
}

function groupsOf(service: string) {
  const labels = { sloth_id: `${service}-requests`, sloth_service: service, sloth_slo: 'requests' }
  const own = `{sloth_id="${service}-requests", sloth_service="${service}", sloth_slo="requests"}`
  const recording = (record: string, expr: string, more = {}) => ({ record, expr, labels: { ...labels, ...more } })
  const errors = (window: string) =>
    `sum by (region) (rate(http_requests_total{service="${service}",code=~"5.."}[${window}]))`
  const all = (window: string) => `sum by (region) (rate(http_requests_total{service="${service}"}[${window}]))`
  const rate = (window: string) => `slo:sli_error:ratio_rate${window}${own}`
  const month = `sum_over_time(${rate('5m')}[30d]) / ignoring (sloth_window) count_over_time(${rate('5m')}[30d])`
  const sli = [
    ...windows.map((window) =>
      recording(`slo:sli_error:ratio_rate${window}`, `(${errors(window)}) / (${all(window)})`, {
        sloth_window: window,
      }),
    ),
    recording('slo:sli_error:ratio_rate30d', month, { sloth_window: '30d' }),
  ]
  const perBudget = (expr: string) =>
    `${expr} / on (sloth_id, sloth_slo, sloth_service) group_left slo:error_budget:ratio${own}`
  const metadata = [
    recording('slo:objective:ratio', 'vector(0.999)'),
    recording('slo:error_budget:ratio', 'vector(1-0.999)'),
    recording('slo:time_period:days', 'vector(30)'),
    recording('slo:current_burn_rate:ratio', perBudget(rate('5m'))),
    recording('slo:period_burn_rate:ratio', perBudget(rate('30d'))),
    recording('slo:period_error_budget_remaining:ratio', `1 - slo:period_burn_rate:ratio${own}`),
    recording('sloth_slo_info', 'vector(1)', { sloth_objective: '99.9', sloth_mode: 'bench', sloth_version: 'v0' }),
  ]
  const pair = (short: string, long: string, burn: number) =>
    `(max by (region) (${rate(short)} > (${burn} * 0.001)) and max by (region) (${rate(long)} > (${burn} * 0.001)))`
  const alert = (severity: string, expr: string) => ({
    alert: 'HighErrorRate',
    expr,
    labels: { sloth_severity: severity, ...labels },
  })
  const alerts = [
    alert('page', `${pair('5m', '1h', 14.4)} or ${pair('30m', '6h', 6)}`),
    alert('ticket', `${pair('2h', '1d', 3)} or ${pair('6h', '3d', 1)}`),
  ]
  return [
    { name: `sloth-slo-sli-recordings-${service}-requests`, rules: sli },
    { name: `sloth-slo-meta-recordings-${service}-requests`, rules: metadata },
    { name: `sloth-slo-alerts-${service}-requests`, rules: alerts },
  ]
}
