/** SLOs of every kind, some of which PromQL cannot express. */
export const shopRules = `apiVersion: sloburn/v1
kind: AlertPolicy
metadata: { name: quick }
spec:
  evidence: off
  for: 2m
  keepFiringFor: 10m
  rules:
    - { severity: page, long: 1h, short: 5m, burnRate: 14.4 }
    - { severity: ticket, long: 6h, short: 30m, budget: 5% }
---
apiVersion: sloburn/v1
kind: SLO
metadata: { name: latency }
spec:
  service: Shop Front
  objective: 99
  window: 28d
  description: '{{ quick }} answers'
  labels: { team: shop }
  runbook: https://runbooks.example.com/latency
  regions: { label: dc, expected: [eu, us], objectives: { us: 95 } }
  indicator: { latency: { histogram: 'http_request_duration_seconds{job="a"}', below: 1s } }
  alerting: { policy: quick, page: { labels: { wake: 'yes' } } }
---
apiVersion: sloburn/v1
kind: SLO
metadata: { name: lag }
spec:
  service: orders
  objective: 99.9
  window: 7d
  regions: { global: worst }
  data: { blind: { severity: 'off' } }
  indicator: { threshold: { metric: 'lag_seconds{db="orders"}', good: 'value < 3 and not (value < 0)', combine: mean } }
  alerting: { policy: quick }
---
apiVersion: sloburn/v1
kind: SLO
metadata: { name: orders }
spec:
  service: orders
  objective: 99.5
  window: 30d
  groupBy: [tenant]
  regions: { global: none }
  indicator:
    expression:
      signals: { err: 'a_total{code="500"} + b_total{code="500"}', slow: slow_total, all: 'a_total + b_total' }
      bad: 'max(err, slow)'
      total: all
  alerting: { policy: quick }
  allow: { RULE_NOT_ADDITIVE: a failure that was slow is one failure }
---
apiVersion: sloburn/v1
kind: SLO
metadata: { name: journey }
spec:
  service: orders
  objective: 99
  window: 30d
  indicator: { composite: { combine: weighted, of: [ { slo: lag, weight: 3 }, { slo: latency } ] } }
  alerting: { policy: quick }
---
apiVersion: sloburn/v1
kind: SLO
metadata: { name: probes }
spec:
  service: orders
  objective: 99
  window: 30d
  indicator: { query: { errorRatio: '1 - avg_over_time(probe_success{job="orders"}[$window])' } }
  alerting: { policy: quick }
`

/** What PromQL cannot express, and what holds it. */
export const inexpressibleRules = `apiVersion: sloburn/v1
kind: SLO
metadata: { name: monthly }
spec:
  service: a
  objective: 99
  window: { calendar: month, timeZone: Europe/London }
  indicator: { ratio: { bad: bad_total, total: all_total } }
---
apiVersion: sloburn/v1
kind: SLO
metadata: { name: minutes }
spec:
  service: a
  objective: 99
  window: 30d
  indicator: { timeSlices: { slice: 1m, good: 'bad / all <= 0.01', signals: { bad: bad_total, all: all_total } } }
---
apiVersion: sloburn/v1
kind: SLO
metadata: { name: both }
spec:
  service: a
  objective: 99
  window: 30d
  indicator: { composite: { combine: all, of: [ { slo: minutes }, { slo: fine } ] } }
---
apiVersion: sloburn/v1
kind: SLO
metadata: { name: fine }
spec:
  service: a
  objectives: [ { percent: 98 }, { from: 2026-01-01, percent: 99 } ]
  window: 30d
  indicator: { ratio: { bad: bad_total, total: all_total } }
---
apiVersion: sloburn/v1
kind: Maintenance
metadata: { name: night }
spec: { from: 2026-10-03T22:00:00Z, to: 2026-10-03T23:00:00Z, author: a, reason: b }
`
