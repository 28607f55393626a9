/** What of the policy is not as usual. */
interface Differently {
  readonly short?: string
  /** What the policy says of evidence; it says nothing where this is empty. */
  readonly evidence?: 'off' | ''
}

/** The alert policy `seconds`: it pages by one rule, within seconds of what fails, and by the plain rule unless told otherwise. */
export function secondsPolicy(long: string, { short = '5s', evidence = 'off' }: Differently = {}): string {
  return `apiVersion: sloburn/v1
kind: AlertPolicy
metadata: { name: seconds }
spec:${evidence === '' ? '' : `\n  evidence: ${evidence}`}
  rules:
    - { severity: page, long: ${long}, short: ${short}, burnRate: 14.4 }
`
}
