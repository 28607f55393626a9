import type { Carried } from '../carried.ts'
import type { ForeignValue } from '../foreign-value.ts'
import type { ImportNotes } from '../import-notes.ts'
import { nativeGrouping } from '../native-grouping.ts'
import { carriedNumber, percentOf } from '../native-numbers.ts'
import type { SloParts } from '../slo-document.ts'
import { type IndicatorRequest, opensloIndicator } from './openslo-indicator.ts'
import type { OpensloObjects } from './openslo-objects.ts'

/** One objective of an SLO, and what of a native SLO is made of it. */
export interface ReadObjective {
  readonly objective: ForeignValue
  readonly parts: Pick<SloParts, 'objective' | 'indicator' | 'groupBy' | 'regions'>
}

/** Whether the objectives of an SLO have indicators of their own. */
export function isComposite(slo: ForeignValue): boolean {
  return slo
    .at('spec', 'objectives')
    .items()
    .some((objective) => ownIndicator(objective).value !== undefined)
}

/** Reads an objective; undefined when it cannot be carried over, which is then an error. */
export function readObjective(
  slo: ForeignValue,
  objective: ForeignValue,
  objects: OpensloObjects,
  notes: ImportNotes,
): ReadObjective | undefined {
  const request = requestOf(slo, objective, objects, notes)
  const imported = request === undefined ? undefined : opensloIndicator(request, objects, notes)
  const target = readTarget(objective, notes)
  if (imported === undefined || target === undefined) return undefined
  const { indicator, groupBy } = imported
  return { objective, parts: { objective: target, indicator, ...nativeGrouping(groupBy, objective, notes) } }
}

/** The target in percent; undefined when there is none or it leaves no budget, which is an error. */
function readTarget(objective: ForeignValue, notes: ImportNotes): Carried | undefined {
  const target = objective.at('target')
  const percent = objective.at('targetPercent')
  if (percent.value !== undefined) return carriedNumber(percent)
  if (target.value === undefined) {
    notes.refuse('MISSING_KEY', objective, 'the objective has neither "target" nor "targetPercent"')
    return undefined
  }
  const ratio = Number(target.text)
  if (ratio > 0 && ratio < 1) return percentOf(target)
  const message = `the target ${target.text} is not a ratio above 0 and below 1`
  notes.refuse('RULE_OBJECTIVE', target, message, 'for example 0.999; at 1 there would be no error budget')
  return undefined
}

/** Where the metric of an objective stands: with it, with the SLO, or in an SLI. */
function requestOf(
  slo: ForeignValue,
  objective: ForeignValue,
  objects: OpensloObjects,
  notes: ImportNotes,
): IndicatorRequest | undefined {
  const method = slo.at('spec', 'budgetingMethod')
  const alpha = objective.at('ratioMetrics')
  if (alpha.value !== undefined) return { ratio: alpha, threshold: objective.at('thresholdMetric'), objective, method }
  const holder = ownIndicator(objective).value === undefined ? slo.at('spec') : objective
  const reference = holder.at('indicatorRef')
  const inline = holder.at('indicator')
  if (reference.value === undefined && inline.value === undefined) {
    notes.refuse('RULE_INDICATOR', holder, 'the SLO has neither "indicator" nor "indicatorRef"')
    return undefined
  }
  const sli = reference.value === undefined ? inline : objects.find('SLI', reference)
  if (sli === undefined) return undefined
  const spec = sli.at('spec').value === undefined ? sli : sli.at('spec')
  return { ratio: spec.at('ratioMetric'), threshold: spec.at('thresholdMetric'), objective, method }
}

function ownIndicator(objective: ForeignValue): ForeignValue {
  return objective.at('indicator').value === undefined ? objective.at('indicatorRef') : objective.at('indicator')
}
