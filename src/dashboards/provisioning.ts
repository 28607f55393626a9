import type { MadeFile } from './make-dashboards.ts'

/** What Grafana reads at its start: where the dashboards lie, and which Prometheus they ask. */
export function provisioningFiles(folder: string, folderUid: string): readonly MadeFile[] {
  return [
    { path: 'provisioning/dashboards/sloburn.yaml', text: dashboardProvider(folder, folderUid) },
    { path: 'provisioning/datasources/sloburn.yaml', text: datasource },
  ]
}

function dashboardProvider(folder: string, folderUid: string): string {
  return `# Put this into provisioning/dashboards of Grafana, and the dashboards where the path below says.
apiVersion: 1
providers:
  - name: sloburn
    folder: ${JSON.stringify(folder)}
    folderUid: ${JSON.stringify(folderUid)}
    type: file
    disableDeletion: false
    allowUiUpdates: false
    updateIntervalSeconds: 30
    options:
      path: /var/lib/grafana/dashboards/sloburn
      foldersFromFilesStructure: false
`
}

const datasource = `# Put this into provisioning/datasources of Grafana. The dashboards ask whichever Prometheus is chosen at their top; this one is
# there for those who have none yet. It must scrape the engine's /metrics, or take what the engine exports.
apiVersion: 1
datasources:
  - name: Prometheus
    uid: sloburn-prometheus
    type: prometheus
    access: proxy
    url: http://localhost:9090
    jsonData:
      httpMethod: POST
      timeInterval: 15s
      exemplarTraceIdDestinations:
        - name: trace_id
          datasourceUid: tempo
`
