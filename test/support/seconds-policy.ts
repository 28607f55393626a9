/** The alert policy `seconds`: it pages by one plain rule, within seconds of what fails. */
export function secondsPolicy(long: string): string {
  return `apiVersion: sloburn/v1
kind: AlertPolicy
metadata: { name: seconds }
spec:
  evidence: off
  rules:
    - { severity: page, long: ${long}, short: 5s, burnRate: 14.4 }
`
}
