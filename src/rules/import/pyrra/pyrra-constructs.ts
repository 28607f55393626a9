import { type Constructs, kubernetesConstructs, under } from '../constructs.ts'

const counting = 'every event is counted once, which needs no such choice'
const absence = 'data that is missing has a state of its own, which is shown and kept out of budgets'
const grouping = '`spec.groupBy`: one SLO per combination of values'

const ratio: Constructs = {
  'errors.metric': { is: 'text', becomes: '`ratio.bad`' },
  'success.metric': { is: 'text', becomes: '`ratio.good`' },
  'total.metric': { is: 'text', becomes: '`ratio.total`; without it the errors and successes added up' },
  grouping: { is: 'texts', becomes: grouping },
}

const latency: Constructs = {
  success: { is: 'mapping', required: true, becomes: '`latency`, or `ratio.good` where the selectors differ' },
  'success.metric': { is: 'text', required: true, becomes: '`latency.histogram`, and `latency.below` from its `le`' },
  total: { is: 'mapping', required: true, becomes: '`latency`, or `ratio.total`' },
  'total.metric': { is: 'text', required: true, becomes: '`latency.histogram`' },
  grouping: { is: 'texts', becomes: grouping },
}

const latencyNative: Constructs = {
  latency: { is: 'text', required: true, becomes: '`latency.below`' },
  total: { is: 'mapping', required: true, becomes: '`latency`' },
  'total.metric': {
    is: 'text',
    required: true,
    becomes: '`latency.histogram`, counted from the native histogram, or from its classic buckets where those come',
  },
  grouping: { is: 'texts', becomes: grouping },
}

const boolGauge: Constructs = {
  metric: {
    is: 'text',
    required: true,
    becomes:
      '`threshold` by time with a grouping, good while every series of a group is 1; without one `query`, the average of all series',
  },
  grouping: { is: 'texts', becomes: grouping },
}

const severity = 'the severity of the rules of one tier: `page` or `ticket`, whichever is meant'

/** Pyrra's ServiceLevelObjective. */
export const pyrraConstructs: Constructs = {
  apiVersion: { is: 'text', required: true, becomes: '`apiVersion: sloburn/v1`' },
  kind: { is: 'text', becomes: '`kind: SLO`' },
  'metadata.name': { is: 'text', required: true, becomes: '`metadata.name`' },
  'metadata.namespace': { is: 'text', becomes: 'left out: it is for Kubernetes' },
  'metadata.labels': {
    is: 'labels',
    becomes:
      'those with the prefix `pyrra.dev/` are `spec.labels` without it, and `pyrra.dev/service` is `spec.service` as well (else the name); the others are left out',
  },
  'metadata.annotations': {
    is: 'labels',
    becomes:
      'with the prefix `pyrra.dev/`: `spec.runbook` and `spec.dashboard` where they are links called so; the others are left out',
  },
  ...kubernetesConstructs,
  'spec.description': { is: 'text', becomes: '`spec.description`' },
  'spec.target': {
    is: 'number',
    required: true,
    becomes: '`spec.objective`; 100 is refused, because it leaves no budget',
  },
  'spec.window': {
    is: 'text',
    required: true,
    becomes: "`spec.window`, and an AlertPolicy with Pyrra's four tiers for such a window",
  },
  'spec.indicator': { is: 'mapping', required: true, becomes: '`spec.indicator`' },
  ...under('spec.indicator.ratio', ratio),
  ...under('spec.indicator.latency', latency),
  ...under('spec.indicator.latencyNative', latencyNative),
  ...under('spec.indicator.bool_gauge', boolGauge),
  'spec.alerting.disabled': { is: 'flag', becomes: '`spec.alerting.page: false` and `ticket: false`' },
  'spec.alerting.burnrates': {
    is: 'flag',
    becomes: 'where it is false: `spec.alerting.page: false` and `ticket: false`',
  },
  'spec.alerting.absent': { is: 'flag', leftOut: absence },
  'spec.alerting.absentName': { is: 'text', leftOut: absence },
  'spec.alerting.name': {
    is: 'text',
    leftOut: 'every alert is called ErrorBudgetBurn, and says its SLO in the label "slo"',
  },
  'spec.alerting.severities.fastBurn': { is: 'text', becomes: severity },
  'spec.alerting.severities.mediumBurn': { is: 'text', becomes: severity },
  'spec.alerting.severities.slowBurn': { is: 'text', becomes: severity },
  'spec.alerting.severities.longTermBurn': { is: 'text', becomes: severity },
  'spec.alerting.severities.absent': { is: 'text', leftOut: absence },
  'spec.performanceOverAccuracy': { is: 'flag', leftOut: counting },
  'spec.ruleOutput': { is: 'anything', leftOut: counting },
  'spec.partial_response_strategy': { is: 'text', leftOut: 'that is for the ruler of Thanos' },
}
