import { type Constructs, under } from '../constructs.ts'

const shown = 'only what SLOs say of themselves is shown'
const annotations = 'they are for the system that the file was written for'

const head: Constructs = {
  apiVersion: { is: 'text', required: true, becomes: '`apiVersion: sloburn/v1`' },
  kind: { is: 'text', required: true, becomes: '`kind`, as described for each' },
  metadata: { is: 'mapping', required: true, becomes: '`metadata`' },
  'metadata.name': { is: 'text', required: true, becomes: 'the name by which other documents refer to it' },
}

/** What stands around the content of a kind that has no document of its own in sloburn. */
const otherMetadata: Constructs = {
  ...head,
  'metadata.displayName': { is: 'text', leftOut: shown },
  'metadata.labels': { is: 'labels', leftOut: shown },
  'metadata.annotations': { is: 'labels', leftOut: annotations },
}

const sources = 'the sources of the engine config say where metrics come from'
const query = '`query` (or `promql`) is read as PromQL; other keys are left out'

function metric(becomes: string): Constructs {
  return {
    'metricSource.metricSourceRef': { is: 'text', becomes: 'the type of that DataSource, where it has one' },
    'metricSource.type': {
      is: 'text',
      becomes:
        'refused unless it is Prometheus or a store that answers PromQL (Thanos, Mimir, Cortex, VictoriaMetrics)',
    },
    metricSource: { is: 'mapping', required: true, becomes },
    'metricSource.spec': { is: 'mapping', required: true, becomes: query },
  }
}

const sliSpec: Constructs = {
  description: { is: 'text', leftOut: shown },
  'ratioMetric.counter': {
    is: 'flag',
    becomes: 'where it is true a selector without `rate` is counted; else it is a query, added up over the window',
  },
  ...under('ratioMetric.good', metric('`ratio.good` or `latency`, else `query.good`; a signal of `timeSlices`')),
  ...under('ratioMetric.bad', metric('`ratio.bad`, else `query.bad`; a signal of `timeSlices`')),
  ...under('ratioMetric.total', metric('`ratio.total`, else `query.total`; a signal of `timeSlices`')),
  'ratioMetric.rawType': { is: 'text', becomes: 'whether `raw` is taken from 1' },
  ...under('ratioMetric.raw', metric('taken apart where it divides; else `query.errorRatio`')),
  ...under(
    'thresholdMetric',
    metric('`threshold` of a plain or aggregated selector, good by time; of anything else `query`'),
  ),
}

const inlineSli: Constructs = {
  'metadata.name': { is: 'text', becomes: 'nothing needs it' },
  'metadata.displayName': { is: 'text', leftOut: shown },
  'metadata.labels': { is: 'labels', leftOut: shown },
  'metadata.annotations': { is: 'labels', leftOut: annotations },
  spec: { is: 'mapping', required: true, becomes: '`spec.indicator`' },
  ...under('spec', sliSpec),
}

const conditionSpec: Constructs = {
  description: { is: 'text', leftOut: shown },
  severity: { is: 'text', required: true, becomes: '`severity` of a rule: `page` or `ticket`, whichever is meant' },
  condition: { is: 'mapping', required: true, becomes: 'a rule' },
  'condition.kind': { is: 'text', becomes: 'a rule; there is burnrate only' },
  'condition.op': { is: 'text', becomes: 'above, whatever it says: a low burn rate is nothing to alert on' },
  'condition.threshold': { is: 'number', required: true, becomes: '`burnRate`' },
  'condition.lookbackWindow': {
    is: 'text',
    required: true,
    becomes: '`long`; `short` is a twelfth of it, so that the alert ends soon after its cause',
  },
  'condition.alertAfter': { is: 'text', becomes: '`for` of the policy, the shortest where there are several' },
}

function inline(spec: Constructs): Constructs {
  return {
    kind: { is: 'text', becomes: 'the kind of what stands inline' },
    'metadata.name': { is: 'text', becomes: 'as in a document of its own' },
    'metadata.displayName': { is: 'text', leftOut: shown },
    'metadata.labels': { is: 'labels', leftOut: shown },
    'metadata.annotations': { is: 'labels', leftOut: annotations },
    ...under('spec', spec),
  }
}

const targetSpec: Constructs = {
  target: { is: 'text', becomes: 'nothing: the receivers of the engine config say how people are told' },
  description: { is: 'text', leftOut: shown },
}

const policySpec: Constructs = {
  description: { is: 'text', leftOut: shown },
  alertWhenNoData: { is: 'flag', leftOut: 'data that is missing has a state of its own' },
  alertWhenBreaching: { is: 'flag', becomes: 'where it is false no rules are made' },
  alertWhenResolved: { is: 'flag', leftOut: 'whoever hears that an alert opened hears that it resolved' },
  conditions: { is: 'list', required: true, becomes: 'a rule each' },
  'conditions[].conditionRef': { is: 'text', becomes: 'the AlertCondition of that name' },
  ...under('conditions[]', inline(conditionSpec)),
  'notificationTargets[].targetRef': {
    is: 'text',
    becomes: 'the label `notification_target` of the alerts, for routes to match',
  },
  ...under('notificationTargets[]', inline(targetSpec)),
}

const calendar = '`calendar` and `timeZone` of `spec.window`'
const objective = '`spec.objective`, times 100; 1 is refused, because it leaves no budget'
const slice = '`timeSlices.slice`'

const v1Objective: Constructs = {
  displayName: { is: 'text', becomes: 'part of `spec.description`, where there are several objectives' },
  op: { is: 'text', becomes: '`threshold.good`; it says nothing of a ratio' },
  value: { is: 'number', becomes: '`threshold.good`; it says nothing of a ratio' },
  target: { is: 'number', becomes: objective },
  targetPercent: { is: 'number', becomes: '`spec.objective`; 100 is refused, because it leaves no budget' },
  timeSliceTarget: { is: 'number', becomes: '`timeSlices.good`' },
  timeSliceWindow: { is: 'text', becomes: slice },
  indicatorRef: { is: 'text', becomes: 'an SLO of its own, of which a `composite` is made' },
  ...under('indicator', inlineSli),
  compositeWeight: { is: 'number', becomes: '`weight` in `composite`, where all objectives have one target' },
}

const sloMetadata: Constructs = {
  ...head,
  'metadata.displayName': { is: 'text', becomes: 'part of `spec.description`' },
  'metadata.labels': { is: 'labels', becomes: '`spec.labels`; several values are joined by commas' },
  'metadata.annotations': {
    is: 'labels',
    becomes: '`spec.runbook` and `spec.dashboard` where they are links called so; the others are left out',
  },
}

const budgeting =
  '`Occurrences`: `ratio`, `latency`, `threshold` or `query`; `Timeslices`: `timeSlices`; `RatioTimeslices`: `timeSlices` with `method: ratio`'

const sloSpec: Constructs = {
  spec: { is: 'mapping', required: true, becomes: '`spec`' },
  'spec.description': { is: 'text', becomes: '`spec.description`' },
  'spec.service': { is: 'text', required: true, becomes: '`spec.service`' },
  'spec.budgetingMethod': { is: 'text', required: true, becomes: budgeting },
  'spec.objectives': { is: 'list', required: true, becomes: 'an SLO each' },
}

/** What each kind of OpenSLO v1 may say. */
export const opensloConstructs: Readonly<Record<string, Constructs>> = {
  SLO: {
    ...sloMetadata,
    ...sloSpec,
    'spec.indicatorRef': { is: 'text', becomes: 'the SLI of that name' },
    ...under('spec.indicator', inlineSli),
    'spec.timeWindow': { is: 'list', required: true, becomes: '`spec.window`' },
    'spec.timeWindow[].duration': { is: 'text', required: true, becomes: '`spec.window`' },
    'spec.timeWindow[].isRolling': { is: 'flag', becomes: 'a rolling window' },
    'spec.timeWindow[].calendar.startTime': {
      is: 'text',
      becomes: 'nothing: calendar periods begin at midnight, weeks on Monday',
    },
    'spec.timeWindow[].calendar.timeZone': { is: 'text', becomes: calendar },
    ...under('spec.objectives[]', v1Objective),
    'spec.alertPolicies[].alertPolicyRef': { is: 'text', becomes: 'the AlertPolicy of that name' },
    ...under('spec.alertPolicies[]', inline(policySpec)),
  },
  SLI: {
    ...otherMetadata,
    spec: { is: 'mapping', required: true, becomes: '`spec.indicator`' },
    ...under('spec', sliSpec),
  },
  AlertPolicy: { ...otherMetadata, ...under('spec', policySpec) },
  AlertCondition: { ...otherMetadata, ...under('spec', conditionSpec) },
  AlertNotificationTarget: { ...otherMetadata, ...under('spec', targetSpec) },
  Service: { ...otherMetadata, 'spec.description': { is: 'text', leftOut: shown } },
  DataSource: {
    ...otherMetadata,
    'spec.description': { is: 'text', leftOut: shown },
    'spec.type': { is: 'text', becomes: 'whether the queries of an SLI are PromQL' },
    'spec.connectionDetails': { is: 'anything', leftOut: sources },
  },
}

function alphaMetric(becomes: string): Constructs {
  return {
    source: { is: 'text', becomes: 'refused unless it is Prometheus or a store that answers PromQL' },
    queryType: { is: 'text', becomes: 'refused unless it is promql' },
    query: { is: 'text', required: true, becomes },
  }
}

/** What each kind of OpenSLO v1alpha may say. */
export const opensloAlphaConstructs: Readonly<Record<string, Constructs>> = {
  SLO: {
    ...sloMetadata,
    ...sloSpec,
    ...under('spec.indicator.thresholdMetric', alphaMetric('`threshold` or `query`')),
    'spec.timeWindows': { is: 'list', required: true, becomes: '`spec.window`' },
    'spec.timeWindows[].unit': { is: 'text', required: true, becomes: '`spec.window`' },
    'spec.timeWindows[].count': { is: 'number', required: true, becomes: '`spec.window`' },
    'spec.timeWindows[].isRolling': { is: 'flag', becomes: 'a rolling window' },
    'spec.timeWindows[].calendar.startTime': {
      is: 'text',
      becomes: 'nothing: calendar periods begin at midnight, weeks on Monday',
    },
    'spec.timeWindows[].calendar.timeZone': { is: 'text', becomes: calendar },
    'spec.objectives[].displayName': {
      is: 'text',
      becomes: 'part of `spec.description`, where there are several objectives',
    },
    'spec.objectives[].op': { is: 'text', becomes: '`threshold.good`' },
    'spec.objectives[].value': { is: 'number', becomes: '`threshold.good`' },
    'spec.objectives[].target': { is: 'number', required: true, becomes: objective },
    'spec.objectives[].timeSliceTarget': { is: 'number', becomes: '`timeSlices.good`, in slices of 1m' },
    'spec.objectives[].ratioMetrics.incremental': { is: 'flag', becomes: 'as `counter` of v1' },
    ...under('spec.objectives[].ratioMetrics.good', alphaMetric('as `ratioMetric.good` of v1')),
    ...under('spec.objectives[].ratioMetrics.total', alphaMetric('as `ratioMetric.total` of v1')),
  },
  Service: { ...otherMetadata, 'spec.description': { is: 'text', leftOut: shown } },
}
