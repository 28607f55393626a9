import { knownWordsHint } from '../core/model/did-you-mean.ts'
import type { Exclusion } from '../core/model/exclusion.ts'
import type { AlertPolicy, Slo } from '../core/model/slo.ts'
import { builtInPolicies } from './built-in-policies.ts'
import { sloLints } from './lints/all-slo-lints.ts'
import { checkComposites } from './lints/composites.ts'
import type { LintOptions } from './lints/slo-lint.ts'
import { reportUnusedAllowances } from './lints/unused-allowances.ts'
import { reportUnusedPolicies } from './lints/unused-policies.ts'
import type { ReadDocument } from './read-document.ts'

/** Complete SLOs, and the policies that files declare. */
export interface LinkedRules {
  readonly slos: Slo[]
  readonly policies: AlertPolicy[]
  readonly maintenances: Exclusion[]
}

/**
 * Follows references between documents, of several with one name to the first, and reports to each document what only
 * shows when all of them are seen together.
 */
export function linkRules(documents: readonly ReadDocument[], options: LintOptions): LinkedRules {
  reportDuplicates(documents)
  reportDanglingReferences(documents)
  reportUnusedPolicies(documents)
  checkComposites(documents)
  const policies = firstOfEachName(documents.flatMap(({ policy }) => policy ?? []))
  const known = new Map([...policies, ...builtInPolicies].map((policy) => [policy.name, policy]))
  const slos = firstOfEachName(documents.flatMap((read) => linkSlo(read, known, options)))
  const maintenances = documents.flatMap(({ maintenance }) => maintenance ?? [])
  reportUselessMaintenance(documents, slos)
  return { slos, policies: policies.filter(({ name }) => !builtInNames.has(name)), maintenances }
}

const builtInNames: ReadonlySet<string> = new Set(builtInPolicies.map(({ name }) => name))

/** The SLO of a document; none where it is not to be used, which then has been reported. */
function linkSlo(
  { document, draft, allowed, problems }: ReadDocument,
  policies: ReadonlyMap<string, AlertPolicy>,
  options: LintOptions,
): Slo[] {
  const policy = draft === undefined ? undefined : policies.get(draft.policyName)
  if (draft === undefined || policy === undefined) return []
  for (const finding of sloLints.flatMap((lint) => lint({ draft, policy, document, options }))) {
    // Where a default is the reason, the place does not tell which SLO it is about.
    const about = document.isDefault(finding.path) ? `SLO "${draft.name}": ` : ''
    problems.reportEach({ ...finding, message: about + finding.message })
  }
  if (problems.hasErrors()) return []
  reportUnusedAllowances({ document, allowed, problems }, { draft, options })
  return [{ ...draft.slo, alerting: { policy, ...draft.alerting } }]
}

function firstOfEachName<T extends { readonly name: string }>(declared: readonly T[]): T[] {
  const byName = new Map(declared.toReversed().map((one) => [one.name, one]))
  return declared.filter((one) => byName.get(one.name) === one)
}

/** A misspelt name must not leave a maintenance without effect in the night that it was made for. */
function reportUselessMaintenance(documents: readonly ReadDocument[], slos: readonly Slo[]): void {
  if (slos.length === 0) return
  const known = { slos: new Set(slos.map(({ name }) => name)), services: new Set(slos.map(({ service }) => service)) }
  for (const { maintenance, problems } of documents) {
    if (maintenance === undefined) continue
    for (const kind of ['slos', 'services'] as const) {
      for (const [index, name] of maintenance.matches[kind].entries()) {
        if (known[kind].has(name)) continue
        const message = `there is no ${kind === 'slos' ? 'SLO' : 'service'} "${name}"`
        const path = ['spec', kind, index]
        problems.reportEach({ code: 'RULE_UNKNOWN_SLO', path, message, hint: hintFor(name, known[kind]) })
      }
    }
  }
}

function reportDuplicates(documents: readonly ReadDocument[]): void {
  const firstOnes = new Map<string, ReadDocument>()
  for (const read of documents) {
    const { name: declared, problems } = read
    if (declared === undefined) continue
    const { kind, name, path } = declared
    const first = firstOnes.get(`${kind}/${name}`)?.document.placeOf(path)
    if (first === undefined) firstOnes.set(`${kind}/${name}`, read)
    const report = (message: string, hint: string): void =>
      problems.reportEach({ code: 'RULE_DUPLICATE_NAME', path, message, hint })
    if (kind === 'AlertPolicy' && builtInNames.has(name)) {
      report(`the policy "${name}" is built in and cannot be declared again`, 'give it another name')
    } else if (first !== undefined) {
      report(
        `the ${kind} "${name}" is declared already at ${first.file}:${first.line}:${first.column}`,
        'rename one of them',
      )
    }
  }
}

function reportDanglingReferences(documents: readonly ReadDocument[]): void {
  const declared = documents.flatMap(({ name }) => name ?? [])
  const namesOf = (kind: 'SLO' | 'AlertPolicy'): ReadonlySet<string> =>
    new Set(declared.filter((one) => one.kind === kind).map(({ name }) => name))
  const slos = namesOf('SLO')
  const policies = new Set([...builtInNames, ...namesOf('AlertPolicy')])
  for (const { references, problems } of documents) {
    for (const { kind, name, path } of references) {
      const known = kind === 'SLO' ? slos : policies
      if (known.has(name)) continue
      const code = kind === 'SLO' ? 'RULE_UNKNOWN_SLO' : 'RULE_UNKNOWN_POLICY'
      const message = `there is no ${kind === 'SLO' ? 'SLO' : 'alert policy'} "${name}"`
      problems.reportEach({ code, path, message, hint: hintFor(name, known) })
    }
  }
}

/** Names that are known may be thousands: all are listed only where they are few. */
function hintFor(name: string, known: ReadonlySet<string>): string {
  const hint = knownWordsHint(name, [...known])
  const listed = 10
  return hint.startsWith('known') && known.size > listed
    ? 'check the file that declares it together with this one'
    : hint
}
