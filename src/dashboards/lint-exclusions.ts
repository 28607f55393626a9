/** Rules of Grafana's dashboard linter that these dashboards do not follow. */
interface Exclusion {
  readonly rule: string
  readonly reason: string
}

/** Which rules of the linter do not hold here, and why; the tests hold the dashboards against all others. */
export const exclusions: readonly Exclusion[] = [
  {
    rule: 'template-job-rule',
    reason: 'panels read series of SLOs, which carry no job: choose by service, SLO and region',
  },
  {
    rule: 'template-instance-rule',
    reason: 'panels read series of SLOs, which are the same whichever instance tells them',
  },
  { rule: 'target-job-rule', reason: 'panels read series of SLOs, which carry no job' },
  {
    rule: 'target-instance-rule',
    reason: 'panels read series of SLOs, which are the same whichever instance tells them',
  },
]

/** The file beside dashboards that the linter reads (https://github.com/grafana/dashboard-linter). */
export const lintExclusions = [
  'exclusions:',
  ...exclusions.flatMap(({ rule, reason }) => [`  ${rule}:`, `    reason: ${JSON.stringify(reason)}`]),
  '',
].join('\n')
