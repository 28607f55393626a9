import type { Matcher, Selector } from '../../core/model/selector.ts'
import { fullSteps } from '../colors.ts'
import type { Panel, Row } from '../dashboard.ts'
import { inRegions, ofMetric, rate, sumBy } from '../promql.ts'
import type { ContentInput } from './content-input.ts'
import { views } from './views.ts'

/** Machines and pods, once for each region; there only where their labels are named. */
export function infrastructureRows({ settings }: ContentInput): readonly Row[] {
  const { infrastructure, regionLabel } = settings
  if (infrastructure === undefined) return []
  const { nodes, pods } = infrastructure
  return [
    ...(nodes === undefined ? [] : [row('Nodes in $region', nodePanels(nodes, regionLabel))]),
    ...(pods === undefined ? [] : [row('Pods in $region', podPanels(pods, regionLabel))]),
  ]
}

function row(title: string, panels: readonly Panel[]): Row {
  return { title, panels, repeat: 'region' }
}

/** Metrics of node_exporter. */
function nodePanels(nodes: Selector, regionLabel: string): readonly Panel[] {
  const of = (name: string, ...more: Matcher[]) => inRegions(ofMetric(name, nodes, more), regionLabel)
  const idle = of('node_cpu_seconds_total', { label: 'mode', operator: '=', value: 'idle' })
  // Nobody runs out of what lives in memory or in an image.
  const disk: Matcher = { label: 'fstype', operator: '!~', value: 'tmpfs|overlay|squashfs|ramfs' }
  const free = `${of('node_filesystem_avail_bytes', disk)} / ${of('node_filesystem_size_bytes', disk)}`
  return [
    share('CPU of nodes', 'The busy share of each node. Near 100 % requests queue: add nodes, or move traffic.', [
      `1 - avg by (instance) (${rate(idle)})`,
    ]),
    share('Memory of nodes', 'The used share of each node. Near 100 % the kernel kills the largest process.', [
      `1 - ${of('node_memory_MemAvailable_bytes')} / ${of('node_memory_MemTotal_bytes')}`,
    ]),
    share('Disk of nodes', 'The fullest file system of each node. At 100 % databases stop: free space, or grow it.', [
      `1 - min by (instance) (${free})`,
    ]),
    line(
      'Network of nodes',
      'What each node receives. A ceiling that is flat is the link: spread the load, or copy less.',
      'Bps',
      '{{instance}}',
      [
        sumBy(
          ['instance'],
          rate(of('node_network_receive_bytes_total', { label: 'device', operator: '!=', value: 'lo' })),
        ),
      ],
    ),
  ]
}

/** Metrics of kube-state-metrics and cAdvisor. */
function podPanels(pods: Selector, regionLabel: string): readonly Panel[] {
  const of = (name: string, ...more: Matcher[]) => inRegions(ofMetric(name, pods, more), regionLabel)
  const ready = of('kube_pod_status_ready', { label: 'condition', operator: '=', value: 'true' })
  const killed = of('kube_pod_container_status_last_terminated_reason', {
    label: 'reason',
    operator: '=',
    value: 'OOMKilled',
  })
  return [
    line(
      'Restarts',
      'Containers that restart. After a deployment: it crashes; without one: memory or a dependency.',
      'ops',
      '{{namespace}}',
      [sumBy(['namespace'], rate(of('kube_pod_container_status_restarts_total')))],
    ),
    share(
      'Throttled',
      'The share of CPU periods in which containers had to wait. Latency without load: raise the limit.',
      [
        `${sumBy(['pod'], rate(of('container_cpu_cfs_throttled_periods_total')))} / ${sumBy(['pod'], rate(of('container_cpu_cfs_periods_total')))}`,
      ],
      '{{pod}}',
    ),
    line(
      'Killed for want of memory',
      'Containers whose last end was that. Raise their limit, or find the leak.',
      'short',
      '{{namespace}}',
      [sumBy(['namespace'], killed)],
    ),
    line(
      'Pods ready',
      'Pods that take traffic. A dip during a deployment is wanted; one that stays is not.',
      'short',
      '{{namespace}}',
      [sumBy(['namespace'], ready)],
    ),
  ]
}

function line(title: string, description: string, unit: string, legend: string, exprs: readonly string[]): Panel {
  const queries = exprs.map((expr) => ({ expr, legend }))
  return { title, description, unit, width: 6, height: 7, view: views.lines, queries, min: 0 }
}

function share(title: string, description: string, exprs: readonly string[], legend = '{{instance}}'): Panel {
  return { ...line(title, description, 'percentunit', legend, exprs), max: 1, steps: fullSteps }
}
