import { sloWith, testRefusals } from './invalid-file.ts'

testRefusals('queries', [
  {
    what: 'a query without total',
    text: sloWith("query: { bad: 'sum(rate(b[$window]))' }"),
    problems: [['MISSING_KEY 10:16', /"total" is missing in spec.indicator.query.*for example total: sum/s]],
  },
  {
    what: 'a query of nothing',
    text: sloWith("query: { total: 'sum(rate(t[$window]))' }"),
    problems: [['RULE_INDICATOR 10:23', /exactly one of "bad", "good" \(both beside "total"\) and "errorRatio"/]],
  },
  {
    what: 'a share of bad events with a total',
    text: sloWith("query: { errorRatio: 'avg_over_time(x[$window])', total: 'sum(rate(t[$window]))' }"),
    problems: [['RULE_INDICATOR 10:66', /errorRatio is a share already, so total has no effect/]],
  },
  {
    what: 'a query that is not PromQL',
    text: sloWith("query: { errorRatio: 'sum(rate(x[$window])' }"),
    problems: [['RULE_QUERY 10:41', /this "\(" is not closed/]],
  },
  {
    what: 'a query without a window',
    text: sloWith("query: { errorRatio: 'rate(x[5m])' }"),
    problems: [['RULE_QUERY 10:37', /does not use \$window.*write \$window as the range/s]],
  },
  {
    what: 'a query with a variable of Grafana',
    text: sloWith("query: { errorRatio: 'rate(x[$__rate_interval])' }"),
    problems: [['RULE_QUERY 10:45', /\$__rate_interval is a variable that nobody fills in here.*\$window/s]],
  },
  {
    what: 'a function that Prometheus does not know',
    text: sloWith("query: { errorRatio: 'rollup_rate(x[$window])' }"),
    problems: [['RULE_QUERY_FUNCTION 10:38', /warning: there is no function "rollup_rate" in PromQL/]],
  },
  {
    what: 'a query that is a number',
    text: sloWith('query: { errorRatio: 1 }'),
    problems: [['WRONG_TYPE 10:37', /errorRatio must be text, not 1/]],
  },
])
