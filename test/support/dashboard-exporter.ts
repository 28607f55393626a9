import { openLoopbackServer } from '../../src/app/demo/loopback-server.ts'

/** A server with the metrics of whatever is around a service in one region: what optional panels of dashboards show. */
export async function openSurroundings(region: string): Promise<{ readonly url: string; close(): Promise<void> }> {
  const startedAt = Date.now()
  const server = await openLoopbackServer((_, response) => {
    response.setHeader('content-type', 'text/plain; version=0.0.4; charset=utf-8')
    response.end(page(region, (Date.now() - startedAt) / 1_000 + 10, startedAt / 1_000))
  })
  return { url: server.url, close: () => server.close() }
}

/** Counters have grown at an even pace for so many seconds. */
function page(region: string, seconds: number, startedAt: number): string {
  const others = ['eu-west-1', 'us-east-1', 'ap-south-1'].filter((one) => one !== region)
  const pairs = others.map((source) => `source_region="${source}",target_region="${region}"`)
  const count = (perSecond: number): number => Math.floor(perSecond * seconds)
  return [
    ...histogram('shop_request_duration_seconds', 'service="checkout",route="/pay"', count),
    `shop_requests_total{service="checkout",route="/pay"} ${count(100)}`,
    ...pairs.flatMap((pair) => [
      `replication_lag_seconds{${pair}} 1.5`,
      `replication_conflicts_total{${pair},type="update"} ${count(2)}`,
      `replication_backlog_bytes{${pair}} 4096`,
      `replication_backlog_operations{${pair}} 12`,
      `replication_applied_total{${pair}} ${count(50)}`,
      `replication_oldest_age_seconds{${pair}} 2`,
    ]),
    'cloud_cost_per_hour{kind="compute"} 3.5',
    `deployment_timestamp_seconds{version="4f2c1a9"} ${startedAt - 60}`,
    'probe_success{endpoint="/health"} 1',
    'routing_weight 0.33',
    `failovers_total ${count(0.1)}`,
    `node_cpu_seconds_total{mode="idle",cpu="0"} ${0.7 * seconds}`,
    'node_memory_MemAvailable_bytes 4e9',
    'node_memory_MemTotal_bytes 8e9',
    'node_filesystem_avail_bytes{fstype="ext4",mountpoint="/"} 5e9',
    'node_filesystem_size_bytes{fstype="ext4",mountpoint="/"} 2e10',
    `node_network_receive_bytes_total{device="eth0"} ${count(1e6)}`,
    `kube_pod_container_status_restarts_total{namespace="shop",pod="pay-1"} ${count(0.01)}`,
    'kube_pod_container_status_last_terminated_reason{namespace="shop",pod="pay-1",reason="OOMKilled"} 1',
    'kube_pod_status_ready{namespace="shop",pod="pay-1",condition="true"} 1',
    `container_cpu_cfs_throttled_periods_total{namespace="shop",pod="pay-1"} ${count(1)}`,
    `container_cpu_cfs_periods_total{namespace="shop",pod="pay-1"} ${count(10)}`,
    '',
  ].join('\n')
}

function histogram(name: string, labels: string, count: (perSecond: number) => number): string[] {
  const buckets = [
    ['0.1', 60],
    ['0.3', 95],
    ['1', 99],
    ['+Inf', 100],
  ] as const
  return [
    `# TYPE ${name} histogram`,
    ...buckets.map(([le, perSecond]) => `${name}_bucket{${labels},le="${le}"} ${count(perSecond)}`),
    `${name}_count{${labels}} ${count(100)}`,
    `${name}_sum{${labels}} ${count(14)}`,
  ]
}
