import { debianTools, findProgram } from '../../scripts/debian-tools.js'

/** A program some tests run for real: its path, or why the tests that need it are skipped. */
export type ForeignTool = { readonly path: string; readonly skip: false } | { readonly path: ''; readonly skip: string }

/**
 * Finds Prometheus, Alertmanager, promtool or Chromium on this machine. Use it as
 * `test('…', { skip: prometheus.skip }, …)`: where CI is set a skipped test fails the run.
 */
export function foreignTool(program: ForeignProgram): ForeignTool {
  const path = findProgram(program)
  if (path !== undefined) return { path, skip: false }
  const tool = debianTools.find((candidate) => candidate.program === program)
  return { path: '', skip: `${program} is not installed; on Debian: apt-get install ${tool?.package}` }
}

export type ForeignProgram =
  | 'prometheus'
  | 'prometheus-node-exporter'
  | 'victoria-metrics'
  | 'vmagent'
  | 'vmalert'
  | 'promtool'
  | 'prometheus-alertmanager'
  | 'pdfinfo'
  | 'pdftotext'
  | 'qpdf'
  | 'chromium'
