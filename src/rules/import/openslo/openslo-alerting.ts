import type { Severity } from '../../../core/model/slo.ts'
import { type DurationMs, minuteMs, secondMs } from '../../../core/model/units.ts'
import { formatDuration } from '../../../core/time/duration.ts'
import { builtInPolicies } from '../../built-in-policies.ts'
import { type Carried, carried, carriedList, carriedMapping, carriedText, plainValue } from '../carried.ts'
import type { ForeignValue } from '../foreign-value.ts'
import type { ImportNotes } from '../import-notes.ts'
import { nativeName } from '../native-name.ts'
import { carriedNumber } from '../native-numbers.ts'
import { severityWord } from '../severity-word.ts'
import { alertsOff, policyDocument, type SloParts } from '../slo-document.ts'
import { opensloDurationMs, parseOpensloDuration } from './openslo-duration.ts'
import type { OpensloObjects } from './openslo-objects.ts'

/** What an SLO says about its alerts, and the policy documents that it needs and that were not made yet. */
export interface ImportedAlerting {
  readonly ofSlo: Pick<SloParts, 'alerting' | 'allow'>
  readonly documents: readonly Carried[]
}

/** The policies made so far: what each says, by its name. */
export type MadePolicies = Map<string, string>

/**
 * The alert policies of an SLO as one policy with a rule for each of their conditions; those made are
 * kept in `policies`. Undefined when one cannot be carried over, which is then an error.
 */
export function opensloAlerting(
  slo: ForeignValue,
  objects: OpensloObjects,
  notes: ImportNotes,
  policies: MadePolicies,
): ImportedAlerting | undefined {
  const list = slo.at('spec', 'alertPolicies')
  const found = list.items().map((item) => resolved('AlertPolicy', item, item.at('alertPolicyRef'), objects, notes))
  const usable = found.filter((policy) => policy !== undefined)
  if (usable.length < found.length) return undefined
  const alerting = usable.filter((policy) => policy.at('spec', 'alertWhenBreaching').value !== false)
  if (alerting.length === 0) {
    const message = 'this SLO has no policy that alerts on its budget, and gets no alerts'
    const hint = 'in a sloburn file name a policy: alerting: { policy: workbook }'
    notes.warn('IMPORT_ASSUMED', list.value === undefined ? slo.at('metadata', 'name') : list, message, hint)
    return {
      documents: [],
      ofSlo: alertsOff(list, 'the OpenSLO file had no policy that alerts on the budget'),
    }
  }
  return importPolicies(slo, alerting, { objects, notes, policies })
}

interface Context {
  readonly objects: OpensloObjects
  readonly notes: ImportNotes
  readonly policies: MadePolicies
}

function importPolicies(
  slo: ForeignValue,
  found: readonly ForeignValue[],
  { objects, notes, policies }: Context,
): ImportedAlerting | undefined {
  const conditions = found.flatMap((policy) => policy.at('spec', 'conditions').items())
  const resolvedConditions = conditions.map((item) =>
    resolved('AlertCondition', item, item.at('conditionRef'), objects, notes),
  )
  const rules = resolvedConditions.map((condition) =>
    condition === undefined ? undefined : importCondition(condition, notes),
  )
  const complete = rules.filter((rule) => rule !== undefined)
  if (complete.length < rules.length) return undefined
  const conditionList = found[0].at('spec', 'conditions')
  const spec = {
    rules: carriedList(
      conditionList,
      complete.map(({ rule }) => rule),
    ),
    for: shortestWait(complete, notes),
  }
  const said = JSON.stringify(plainValue(carriedMapping(conditionList, spec)))
  const name = policyName(slo, found, said, { notes, policies })
  const isNew = !policies.has(carriedText(name))
  policies.set(carriedText(name), said)
  const list = slo.at('spec', 'alertPolicies')
  return {
    documents: isNew ? [policyDocument(found[0], name, spec)] : [],
    ofSlo: {
      alerting: carriedMapping(list, {
        policy: { ...name, origin: list.origin },
        labels: targetLabels(found, list, objects, notes),
      }),
    },
  }
}

/** What stands inline, or in the document that is referred to. */
function resolved(
  kind: string,
  item: ForeignValue,
  reference: ForeignValue,
  objects: OpensloObjects,
  notes: ImportNotes,
): ForeignValue | undefined {
  if (reference.value !== undefined) return objects.find(kind, reference)
  if (item.at('spec').value !== undefined) return item
  notes.refuse('MISSING_KEY', item, `here stands neither a ${kind} nor the name of one`)
  return undefined
}

/**
 * The name of the one policy, or of all of them together. Inline policies of one name may say different things; then the
 * name of the SLO goes with it.
 */
function policyName(
  slo: ForeignValue,
  found: readonly ForeignValue[],
  said: string,
  { notes, policies }: Pick<Context, 'notes' | 'policies'>,
): Carried {
  const names = found.map((policy) => policy.at('metadata', 'name').text ?? 'unnamed')
  const from = found[0].at('metadata', 'name')
  const isBuiltIn = builtInPolicies.some(({ name }) => name === names.join('-and-'))
  const name = nativeName(`${isBuiltIn ? 'openslo-' : ''}${names.join('-and-')}`, from, notes)
  const before = policies.get(carriedText(name))
  if (before === undefined || before === said) return name
  const other = `${carriedText(name)}-${slo.at('metadata', 'name').text ?? ''}`
  const message = `the policy "${carriedText(name)}" becomes "${other}": another of that name says something else`
  notes.warn('IMPORT_RENAMED', from, message)
  return nativeName(other, from, notes)
}

interface ImportedCondition {
  readonly rule: Carried
  readonly waitMs: DurationMs
  readonly wait: ForeignValue
}

function importCondition(condition: ForeignValue, notes: ImportNotes): ImportedCondition | undefined {
  const spec = condition.at('spec')
  const details = spec.at('condition')
  const lookback = details.at('lookbackWindow')
  const longMs = durationOf(lookback, notes)
  const wait = details.at('alertAfter')
  const waitMs = wait.text === undefined || /^0[a-zA-Z]?$/.test(wait.text) ? 0 : durationOf(wait, notes)
  const kind = details.at('kind')
  if (kind.text !== undefined && kind.text !== 'burnrate') {
    notes.refuse('WRONG_VALUE', kind, `there is no condition of kind "${kind.text}"`, 'known: burnrate')
    return undefined
  }
  if (longMs === undefined || waitMs === undefined) return undefined
  noteOperator(details.at('op'), notes)
  const short = formatDuration(shortWindow(longMs))
  const message = `one window becomes two: the alert also asks for the burn rate of the last ${short}, so that it ends soon after its cause`
  notes.warn('IMPORT_CHANGED', lookback, message)
  const rule = carriedMapping(condition, {
    severity: carried(severityOf(spec.at('severity'), notes), spec.at('severity')),
    long: carried(formatDuration(longMs), lookback),
    short: carried(short, lookback),
    burnRate: carriedNumber(details.at('threshold')),
  })
  return { rule, waitMs, wait }
}

function durationOf(from: ForeignValue, notes: ImportNotes): DurationMs | undefined {
  const duration = parseOpensloDuration(from.text ?? '')
  if (duration !== undefined) return opensloDurationMs(duration)
  notes.refuse('RULE_DURATION', from, `"${from.text ?? ''}" is no duration`, 'for example 1h or 5m')
  return undefined
}

/** A twelfth as in the SRE Workbook, in whole minutes where it has some. */
function shortWindow(longMs: DurationMs): DurationMs {
  const twelfth = longMs / 12
  const unit = twelfth >= minuteMs ? minuteMs : secondMs
  return Math.max(unit, Math.round(twelfth / unit) * unit)
}

/** The example in the specification itself has `lte` for an alert on too much. */
function noteOperator(op: ForeignValue, notes: ImportNotes): void {
  if (op.text === undefined || op.text === 'gt') return
  const message =
    op.text === 'gte'
      ? 'op: gte becomes above: at exactly the threshold nothing alerts yet'
      : `op: ${op.text} becomes above: a burn rate is alerted on when it is high`
  notes.warn('IMPORT_CHANGED', op, message)
}

function severityOf(from: ForeignValue, notes: ImportNotes): Severity {
  const severity = severityWord(from.text ?? '') ?? 'ticket'
  if (from.text !== severity) {
    notes.warn('IMPORT_CHANGED', from, `the severity "${from.text}" becomes "${severity}": there are page and ticket`)
  }
  return severity
}

/** A policy waits one time for all its rules; the shortest delays none of them more than was asked for. */
function shortestWait(conditions: readonly ImportedCondition[], notes: ImportNotes): Carried | undefined {
  const shortest = conditions.toSorted((a, b) => a.waitMs - b.waitMs)[0]
  const waits = [...new Set(conditions.map(({ waitMs }) => formatDuration(waitMs)))]
  if (waits.length > 1) {
    const message = `a policy waits one time for all its rules: ${formatDuration(shortest.waitMs)} is the shortest of ${waits.join(', ')}`
    notes.warn('IMPORT_CHANGED', shortest.wait, message)
  }
  return shortest.waitMs === 0 ? undefined : carried(formatDuration(shortest.waitMs), shortest.wait)
}

/** Targets are not receivers, which the engine config declares; their names are a label that its routes can match. */
function targetLabels(
  found: readonly ForeignValue[],
  list: ForeignValue,
  objects: OpensloObjects,
  notes: ImportNotes,
): Carried | undefined {
  const items = found.flatMap((policy) => policy.at('spec', 'notificationTargets').items())
  const names = new Set<string>()
  for (const item of items) {
    const reference = item.at('targetRef')
    objects.findIfThere('AlertNotificationTarget', reference.text)
    const name = reference.text ?? item.at('metadata', 'name').text
    if (name !== undefined) names.add(name)
  }
  if (names.size === 0) return undefined
  const label = [...names].join(',')
  const message = `nobody is told by this alone: alerts carry the label notification_target="${label}"`
  notes.warn('IMPORT_CHANGED', items[0], message, 'add a route for this label to the engine config')
  return carriedMapping(list, { notification_target: carried(label, items[0]) })
}
