import { type Carried, carried, carriedList, carriedMapping } from '../carried.ts'
import type { ForeignValue } from '../foreign-value.ts'
import type { ImportNotes } from '../import-notes.ts'
import { nativeName } from '../native-name.ts'
import { carriedNumber } from '../native-numbers.ts'
import { alertsOff, type SloParts, sloDocument } from '../slo-document.ts'
import type { ReadObjective } from './openslo-objective.ts'

/** What all SLOs that are made of one have in common. */
type CommonParts = Omit<SloParts, 'objective' | 'indicator' | 'description'>

/** One SLO per objective; the first keeps the name, so that another objective added later changes none. */
export function sloDocuments(
  slo: ForeignValue,
  objectives: readonly ReadObjective[],
  common: CommonParts,
  notes: ImportNotes,
): readonly Carried[] {
  const isOnly = objectives.length === 1
  return objectives.map(({ objective, parts }, index) => {
    const name = nameOf(slo, index === 0 ? '' : `-${index + 1}`, notes)
    const description = descriptionOf(slo, isOnly ? undefined : objective)
    return sloDocument(isOnly ? slo : objective, slo.at('apiVersion'), name, { ...common, description, ...parts })
  })
}

/** The objectives of a composite as SLOs without alerts, and the composite of them where they have one target. */
export function compositeDocuments(
  slo: ForeignValue,
  objectives: readonly ReadObjective[],
  common: CommonParts,
  alerting: Pick<SloParts, 'alerting' | 'allow'>,
  notes: ImportNotes,
): readonly Carried[] {
  const targets = new Set(objectives.map(({ parts }) => parts.objective?.content))
  if (targets.size > 1) {
    const message = 'the weights are left out: a composite has one target, and these objectives have several'
    const hint = 'each of them is an SLO with alerts of its own'
    notes.warn('IMPORT_LEFT_OUT', slo.at('spec', 'objectives'), message, hint)
  }
  if (targets.size > 1 || objectives.length === 1) {
    return sloDocuments(slo, objectives, { ...common, ...alerting }, notes)
  }
  const members = objectives.map((member, index) => memberDocument(slo, member, index, common, notes))
  const composite = sloDocument(slo, slo.at('apiVersion'), nameOf(slo, '', notes), {
    ...common,
    description: descriptionOf(slo, undefined),
    objective: objectives[0].parts.objective,
    indicator: compositeIndicator(slo.at('spec', 'objectives'), members),
    ...alerting,
  })
  return [composite, ...members.map(({ document }) => document)]
}

interface Member {
  readonly name: Carried
  readonly objective: ForeignValue
  readonly document: Carried
}

function memberDocument(
  slo: ForeignValue,
  { objective, parts }: ReadObjective,
  index: number,
  common: CommonParts,
  notes: ImportNotes,
): Member {
  const name = nameOf(slo, `-${index + 1}`, notes)
  const description = descriptionOf(slo, objective)
  const off = alertsOff(objective, 'the composite alerts')
  const document = sloDocument(objective, slo.at('apiVersion'), name, { ...common, description, ...parts, ...off })
  return { name, objective, document }
}

function compositeIndicator(list: ForeignValue, members: readonly Member[]): Carried {
  const of = members.map(({ name, objective }) =>
    carriedMapping(objective, { slo: name, weight: carriedNumber(objective.at('compositeWeight')) }),
  )
  const composite = carriedMapping(list, { combine: carried('weighted', list), of: carriedList(list, of) })
  return carriedMapping(list, { composite })
}

function nameOf(slo: ForeignValue, suffix: string, notes: ImportNotes): Carried {
  const name = slo.at('metadata', 'name')
  return nativeName(`${name.text ?? ''}${suffix}`, name, notes)
}

/** What the SLO and, where there are several, the objective are called goes before what is said of them. */
function descriptionOf(slo: ForeignValue, objective: ForeignValue | undefined): Carried | undefined {
  const description = slo.at('spec', 'description')
  const displayName = slo.at('metadata', 'displayName')
  const names = [displayName.text, objective?.at('displayName').text].filter((text) => (text ?? '') !== '')
  const text = [names.join(', '), description.text?.trim() ?? ''].filter((part) => part !== '').join(': ')
  return text === '' ? undefined : carried(text, description.value === undefined ? displayName : description)
}
