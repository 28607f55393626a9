import { parseDuration } from '../../../core/time/duration.ts'
import { type Carried, carried, carriedMapping } from '../carried.ts'
import { checkConstructs } from '../check-constructs.ts'
import type { ForeignValue } from '../foreign-value.ts'
import type { ImportNotes } from '../import-notes.ts'
import { nativeGrouping } from '../native-grouping.ts'
import { nativeLabels } from '../native-labels.ts'
import { nativeLinks } from '../native-links.ts'
import { nativeName } from '../native-name.ts'
import { carriedNumber } from '../native-numbers.ts'
import { alertsOff, type SloParts, sloDocument } from '../slo-document.ts'
import { pyrraConstructs } from './pyrra-constructs.ts'
import { pyrraGrouping, pyrraIndicator } from './pyrra-indicator.ts'
import { notePolicy, pyrraPolicy } from './pyrra-policy.ts'

/** Labels and annotations with this prefix go into alerts, without it. */
const prefix = 'pyrra.dev/'

/**
 * Makes an SLO document of a ServiceLevelObjective, and before it a document of its alert policy unless one of that
 * name was made already; the names made are kept in `policies`.
 */
export function importPyrra(root: ForeignValue, notes: ImportNotes, policies: Set<string>): Carried[] {
  if (!checkConstructs(root, pyrraConstructs, 'Pyrra', notes)) return []
  const spec = root.at('spec')
  const indicator = pyrraIndicator(spec.at('indicator'), notes)
  if (indicator === undefined) return []
  const { documents, ...alerting } = importAlerting(root, notes, policies)
  const metadata = root.at('metadata')
  noteMetadata(metadata, notes)
  const description = spec.at('description')
  const grouping = pyrraGrouping(spec.at('indicator'))
  const slo = sloDocument(
    root,
    root.at('apiVersion'),
    nativeName(metadata.at('name').text ?? '', metadata.at('name'), notes),
    {
      service: importService(metadata),
      description: (description.text ?? '') === '' ? undefined : carried(description.text ?? '', description),
      labels: importLabels(metadata.at('labels'), notes),
      ...nativeLinks(importAnnotations(metadata.at('annotations')), notes),
      objective: carriedNumber(spec.at('target')),
      window: carried(spec.at('window').text ?? '', spec.at('window')),
      ...nativeGrouping(grouping.labels, grouping.from, notes),
      indicator,
      ...alerting,
    },
  )
  return [...documents, slo]
}

/** Pyrra knows no services. */
function importService(metadata: ForeignValue): Carried {
  const labelled = metadata.at('labels', `${prefix}service`)
  const service = labelled.text === undefined ? metadata.at('name') : labelled
  return carried(service.text ?? '', service)
}

function importLabels(labels: ForeignValue, notes: ImportNotes): Carried | undefined {
  const propagated = propagatedEntries(labels).filter(([name]) => name !== 'service')
  return propagated.length === 0 ? undefined : nativeLabels([renamed(labels, propagated)], notes)
}

function importAnnotations(annotations: ForeignValue) {
  return propagatedEntries(annotations).map(([name, value]) => ({ name, value }))
}

/** What goes into alerts, by its name without the prefix. */
function propagatedEntries(mapping: ForeignValue) {
  const propagated = mapping.entries().filter(([name]) => name.startsWith(prefix))
  return propagated.map(([name, value]) => [name.slice(prefix.length), value] as const)
}

/** Names all of the metadata that is not for alerts. */
function noteMetadata(metadata: ForeignValue, notes: ImportNotes): void {
  const namespace = metadata.at('namespace')
  const others = [metadata.at('labels'), metadata.at('annotations')]
    .flatMap((mapping) => mapping.entries())
    .filter(([name]) => !name.startsWith(prefix))
  const left = [...(namespace.value === undefined ? [] : [namespace]), ...others.map(([, value]) => value)]
  if (left.length === 0) return
  const names = left.map((value) => String(value.origin.path.at(-1)))
  const message = `of the metadata ${names.join(', ')} ${names.length === 1 ? 'is' : 'are'} left out: that is for Kubernetes and the operator that loads the rules`
  notes.warn('IMPORT_LEFT_OUT', left[0].placeOfKey(), message)
}

/** A mapping with other entries. */
function renamed(mapping: ForeignValue, entries: readonly (readonly [string, ForeignValue])[]): ForeignValue {
  const byName = new Map(entries)
  const at = (...[first, ...rest]: readonly (string | number)[]): ForeignValue =>
    (byName.get(String(first)) ?? mapping.at(first)).at(...rest)
  return { ...mapping, entries: () => entries, at }
}

interface ImportedAlerting extends Pick<SloParts, 'alerting' | 'allow'> {
  readonly documents: readonly Carried[]
}

function importAlerting(root: ForeignValue, notes: ImportNotes, policies: Set<string>): ImportedAlerting {
  const alerting = root.at('spec', 'alerting')
  const isOff = alerting.at('disabled').value === true || alerting.at('burnrates').value === false
  if (isOff) return { documents: [], ...alertsOff(alerting, 'burn rate alerts were switched off in the Pyrra file') }
  const windowMs = parseDuration(root.at('spec', 'window').text ?? '')
  // Of a window that is none the native reader says so.
  if (windowMs === undefined || windowMs === 0) return { documents: [] }
  const { name, document } = pyrraPolicy(root, windowMs, notes)
  const isNew = !policies.has(name)
  if (isNew) notePolicy(root, windowMs, notes)
  policies.add(name)
  const policy = carried(name, root.at('spec', 'window'))
  return { documents: isNew ? [document] : [], alerting: carriedMapping(alerting, { policy }) }
}
