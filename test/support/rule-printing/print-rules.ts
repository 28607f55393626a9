import type { AlertPolicy, Slo } from '../../../src/core/model/slo.ts'
import type { Allowances } from '../../../src/rules/lint-codes.ts'
import { ruleText, ruleYaml } from '../../../src/rules/rule-yaml.ts'
import { policyContent } from './policy-content.ts'
import { type Content, sloContent, unlessEmpty } from './slo-content.ts'

/** A document of a rule file, and what is allowed in it. */
export type RuleDocument = (
  | { readonly kind: 'SLO'; readonly slo: Slo }
  | { readonly kind: 'AlertPolicy'; readonly policy: AlertPolicy }
) & { readonly allow?: Allowances }

/**
 * Writes documents as one rule file: reading it must give the same rules again. Keys stand in one order, and what is so by
 * itself is left out; the document of a built-in policy is not needed.
 */
export function printRules(documents: readonly RuleDocument[]): string {
  return documents.map((document) => ruleText(ruleYaml(contentOf(document)))).join('---\n')
}

function contentOf(document: RuleDocument): Content {
  const { name } = document.kind === 'SLO' ? document.slo : document.policy
  const spec = document.kind === 'SLO' ? sloContent(document.slo) : policyContent(document.policy)
  const allow = document.allow === undefined || document.allow.size === 0 ? undefined : document.allow
  return {
    apiVersion: 'sloburn/v1',
    kind: document.kind,
    metadata: { name },
    spec: unlessEmpty({ ...spec, allow: allow === undefined ? undefined : Object.fromEntries(allow) }),
  }
}
