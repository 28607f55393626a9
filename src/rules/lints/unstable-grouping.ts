import type { SloLint } from './slo-lint.ts'

const short = 'lives only as long as one process'
const single = 'has a new value for every request or user'
const part = 'divides a distribution, and no events'

/** Labels that make no lasting identity, and why. */
const unstableLabels: ReadonlyMap<string, string> = new Map([
  ...['instance', 'pod', 'pod_name', 'pod_uid', 'pod_ip', 'kubernetes_pod_name', 'k8s_pod_name', 'k8s_pod_uid'].map(
    (label) => [label, short] as const,
  ),
  ...['container_id', 'replica', 'process_id', 'pid', 'service_instance_id', 'address', 'ip', 'uid'].map(
    (label) => [label, short] as const,
  ),
  ...['user', 'user_id', 'session', 'session_id', 'request_id', 'trace_id', 'client_ip', 'client_address'].map(
    (label) => [label, single] as const,
  ),
  ...['url', 'uri', 'path', 'query', 'user_agent'].map((label) => [label, single] as const),
  ...['le', 'quantile'].map((label) => [label, part] as const),
])

/** Groups whose budgets would begin anew again and again. */
export const unstableGrouping: SloLint = ({ draft }) => {
  return draft.slo.groupBy.flatMap((label, index) => {
    const reason = unstableLabels.get(label)
    if (reason === undefined) return []
    return [
      {
        code: 'RULE_UNSTABLE_GROUPING',
        severity: 'warning',
        path: ['spec', 'groupBy', index],
        message: `"${label}" ${reason}: every new value begins a budget of its own`,
        hint: 'group by what stays, such as tenant, namespace, cluster or handler',
      },
    ]
  })
}
