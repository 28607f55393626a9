import { knownWordsHint } from '../core/model/did-you-mean.ts'
import { noLabels } from '../core/model/labels.ts'
import type { Place, Problem } from '../core/model/problem.ts'
import type { AlertPolicy, Slo } from '../core/model/slo.ts'
import { builtInPolicies } from './built-in-policies.ts'
import { checkAlertWindows } from './check-alert-windows.ts'
import type { SloDraft } from './read-slo.ts'
import type { DocumentKind } from './schema/rule-schema.ts'

/** A name that a document declares or refers to, and where. */
export interface NamedPlace {
  readonly kind: DocumentKind
  readonly name: string
  readonly at: Place
}

/** What the documents of all files say, before references are followed. */
export interface Declarations {
  /** The names of all documents, also of those in which something is wrong. */
  readonly names: readonly NamedPlace[]
  /** The names that documents refer to, also from those in which something is wrong. */
  readonly references: readonly NamedPlace[]
  /** What could be read without an error. */
  readonly drafts: readonly SloDraft[]
  readonly policies: readonly AlertPolicy[]
}

/** Complete SLOs, the policies that files declare, and what only shows when all documents are seen together. */
export interface LinkedRules {
  readonly slos: Slo[]
  readonly policies: AlertPolicy[]
  readonly problems: Problem[]
}

/** Follows references between documents; of several with one name the first counts. */
export function linkRules({ names, references, drafts, policies }: Declarations): LinkedRules {
  const problems = [...duplicates(names), ...danglingReferences(names, references)]
  const declared = firstOfEachName(policies)
  const known = new Map([...declared, ...builtInPolicies].map((policy) => [policy.name, policy]))
  const slos: Slo[] = []
  for (const draft of firstOfEachName(drafts)) {
    const policy = known.get(draft.policyName)
    if (policy === undefined) continue
    const found = checkAlertWindows(draft, policy)
    problems.push(...found)
    if (found.every(({ severity }) => severity === 'warning')) slos.push(complete(draft, policy))
  }
  return { slos, policies: declared.filter(({ name }) => !builtInNames.has(name)), problems }
}

const builtInNames: ReadonlySet<string> = new Set(builtInPolicies.map(({ name }) => name))

function firstOfEachName<T extends { readonly name: string }>(declared: readonly T[]): T[] {
  const byName = new Map(declared.toReversed().map((one) => [one.name, one]))
  return declared.filter((one) => byName.get(one.name) === one)
}

function duplicates(names: readonly NamedPlace[]): Problem[] {
  const firstPlaces = new Map<string, Place>()
  return names.flatMap(({ kind, name, at }) => {
    const first = firstPlaces.get(`${kind}/${name}`)
    if (first === undefined) firstPlaces.set(`${kind}/${name}`, at)
    if (kind === 'AlertPolicy' && builtInNames.has(name)) {
      return [duplicate(at, `the policy "${name}" is built in and cannot be declared again`, 'give it another name')]
    }
    if (first === undefined) return []
    const place = `${first.file}:${first.line}:${first.column}`
    return [duplicate(at, `the ${kind} "${name}" is declared already at ${place}`, 'rename one of them')]
  })
}

function duplicate(at: Place, message: string, hint: string): Problem {
  return { code: 'RULE_DUPLICATE_NAME', severity: 'error', at, message, hint }
}

function danglingReferences(names: readonly NamedPlace[], references: readonly NamedPlace[]): Problem[] {
  const declared = names.filter(({ kind }) => kind === 'AlertPolicy').map(({ name }) => name)
  const known = new Set([...builtInNames, ...declared])
  return references
    .filter(({ name }) => !known.has(name))
    .map(({ name, at }) => ({
      code: 'RULE_UNKNOWN_POLICY',
      severity: 'error',
      at,
      message: `there is no alert policy "${name}"`,
      hint: knownWordsHint(name, [...known]),
    }))
}

const noAdditions = { labels: noLabels, receivers: [] }
const bySeverity = { page: noAdditions, ticket: noAdditions }

function complete({ slo, severities, alertLabels }: SloDraft, policy: AlertPolicy): Slo {
  return { ...slo, alerting: { policy, labels: alertLabels, severities, bySeverity } }
}
