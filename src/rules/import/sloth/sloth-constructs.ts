import { type Constructs, kubernetesConstructs, under } from '../constructs.ts'

const chain = 'each plugin is named with what sloburn does in its place'
const pluginChain: Constructs = {
  overridePrevious: { is: 'flag', becomes: 'alerts off, where the chain that is left makes none' },
  chain: { is: 'list', becomes: chain },
  'chain[].id': { is: 'text', becomes: chain },
  'chain[].config': { is: 'anything', becomes: chain },
  'chain[].priority': { is: 'number', becomes: chain },
}

function alert(severity: string): Constructs {
  return {
    disable: { is: 'flag', becomes: `\`spec.alerting.${severity}: false\`` },
    labels: { is: 'labels', becomes: `\`spec.alerting.${severity}.labels\`` },
    annotations: { is: 'labels', becomes: 'as `alerting.annotations`' },
    for: {
      is: 'text',
      leftOut: 'an AlertPolicy has one "for" for all its rules, and Sloth itself ignores it without a plugin',
    },
  }
}

const slo: Constructs = {
  name: { is: 'text', required: true, becomes: '`metadata.name`, behind the service: `<service>-<name>`' },
  description: { is: 'text', becomes: '`spec.description`' },
  objective: { is: 'number', required: true, becomes: '`spec.objective`; 100 is refused, because it leaves no budget' },
  labels: { is: 'labels', becomes: '`spec.labels`; they win over those of the file' },
  sli: { is: 'mapping', required: true, becomes: '`spec.indicator`' },
  'sli.events.error_query': {
    is: 'text',
    required: true,
    becomes: '`ratio` or `latency` where it can be counted, else `query.bad`',
  },
  'sli.events.total_query': { is: 'text', required: true, becomes: '`ratio.total`, or `query.total`' },
  'sli.raw.error_ratio_query': {
    is: 'text',
    required: true,
    becomes: 'taken apart where it divides, as `sli.events`; else `query.errorRatio`',
  },
  'sli.plugin': { is: 'mapping', becomes: 'refused: an SLI plugin is a program that only Sloth can run' },
  'sli.plugin.id': { is: 'text', becomes: 'refused' },
  'sli.plugin.options': { is: 'anything', becomes: 'refused' },
  ...under('plugins', pluginChain),
  'alerting.name': {
    is: 'text',
    leftOut: 'every alert is called ErrorBudgetBurn, and says its SLO in the label "slo"',
  },
  'alerting.labels': { is: 'labels', becomes: '`spec.alerting.labels`' },
  'alerting.annotations': {
    is: 'labels',
    becomes: '`spec.runbook` and `spec.dashboard` where they are links called so; the others are left out',
  },
  ...under('alerting.page_alert', alert('page')),
  ...under('alerting.ticket_alert', alert('ticket')),
}

const group: Constructs = {
  service: { is: 'text', required: true, becomes: '`spec.service`' },
  labels: { is: 'labels', becomes: '`spec.labels`, which alerts carry as well' },
  ...under('slo_plugins', pluginChain),
  slos: { is: 'list', required: true, becomes: 'an SLO document each' },
  ...under('slos[]', slo),
}

/** Sloth's own files. */
export const slothFileConstructs: Constructs = {
  version: { is: 'text', required: true, becomes: '`apiVersion: sloburn/v1`' },
  ...group,
}

const metadata = 'that is for Kubernetes and the operator that loads the rules'

/** Sloth's Kubernetes objects: the same in camel case under `spec`. */
export const slothObjectConstructs: Constructs = {
  apiVersion: { is: 'text', required: true, becomes: '`apiVersion: sloburn/v1`' },
  kind: { is: 'text', becomes: '`kind: SLO`' },
  'metadata.name': { is: 'text', leftOut: metadata },
  'metadata.namespace': { is: 'text', leftOut: metadata },
  'metadata.labels': { is: 'labels', leftOut: metadata },
  'metadata.annotations': { is: 'labels', leftOut: metadata },
  ...kubernetesConstructs,
  ...under('spec', Object.fromEntries(Object.entries(group).map(([path, construct]) => [camelCase(path), construct]))),
}

/** A key of Sloth's files as its Kubernetes objects write it. */
export function camelCase(key: string): string {
  return key.replaceAll(/_([a-z])/g, (_, letter: string) => letter.toUpperCase())
}
