import type { ReadDocument } from '../read-document.ts'
import { reportUnusedAllowances } from './unused-allowances.ts'

/** Reports the policies without mistakes that no SLO names, not even one with mistakes. */
export function reportUnusedPolicies(documents: readonly ReadDocument[]): void {
  const references = documents.flatMap((read) => read.references)
  const used = new Set(references.filter(({ kind }) => kind === 'AlertPolicy').map(({ name }) => name))
  for (const read of documents) {
    const { name: declared, policy, problems } = read
    if (declared === undefined || policy === undefined || problems.hasErrors()) continue
    const { name, path } = declared
    const message = `no SLO names the policy "${name}"`
    const hint = `name it with alerting: { policy: ${name} }, or remove it`
    if (!used.has(name)) problems.reportEach({ code: 'RULE_UNUSED_POLICY', severity: 'warning', path, message, hint })
    reportUnusedAllowances(read)
  }
}
