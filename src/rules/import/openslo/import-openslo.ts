import { type Carried, carried } from '../carried.ts'
import type { ForeignValue } from '../foreign-value.ts'
import type { ImportNotes } from '../import-notes.ts'
import { nativeLabels } from '../native-labels.ts'
import { nativeLinks } from '../native-links.ts'
import type { SloParts } from '../slo-document.ts'
import { type MadePolicies, opensloAlerting } from './openslo-alerting.ts'
import { isComposite, readObjective } from './openslo-objective.ts'
import { type OpensloObjects, opensloObjects } from './openslo-objects.ts'
import { compositeDocuments, sloDocuments } from './openslo-slos.ts'
import { opensloWindow } from './openslo-window.ts'

/** The native documents made of all documents of OpenSLO, by the SLO that they were made for. */
export function importOpenslo(
  roots: readonly ForeignValue[],
  notes: ImportNotes,
): ReadonlyMap<ForeignValue, readonly Carried[]> {
  const objects = opensloObjects(roots, notes)
  const policies: MadePolicies = new Map()
  const made = objects.slos.map((slo) => [slo, importSlo(slo, objects, notes, policies)] as const)
  objects.takeNotes()
  return new Map(made)
}

function importSlo(
  slo: ForeignValue,
  objects: OpensloObjects,
  notes: ImportNotes,
  policies: MadePolicies,
): readonly Carried[] {
  objects.findIfThere('Service', slo.at('spec', 'service').text)
  const window = opensloWindow(slo.at('spec'), notes)
  const alerting = opensloAlerting(slo, objects, notes, policies)
  const list = slo.at('spec', 'objectives')
  const objectives = list.items().map((objective) => readObjective(slo, objective, objects, notes))
  if (objectives.length === 0) notes.refuse('MISSING_KEY', list, 'an SLO needs an objective')
  const common = commonParts(slo, notes)
  const read = objectives.filter((objective) => objective !== undefined)
  if (window === undefined || alerting === undefined) return []
  if (read.length < objectives.length) return alerting.documents
  const parts = { ...common, window }
  const documents = isComposite(slo)
    ? compositeDocuments(slo, read, parts, alerting.ofSlo, notes)
    : sloDocuments(slo, read, { ...parts, ...alerting.ofSlo }, notes)
  return [...alerting.documents, ...documents]
}

function commonParts(
  slo: ForeignValue,
  notes: ImportNotes,
): Pick<SloParts, 'service' | 'labels' | 'runbook' | 'dashboard'> {
  const metadata = slo.at('metadata')
  const service = slo.at('spec', 'service')
  const annotations = metadata.at('annotations').entries()
  return {
    service: carried(service.text ?? '', service),
    labels: nativeLabels([metadata.at('labels')], notes),
    ...nativeLinks(
      annotations.map(([name, value]) => ({ name: name.replace(/^.*\//, ''), value })),
      notes,
    ),
  }
}
