import { compare, one, parseDecimal, type Rational, rational } from '../../../core/model/rational.ts'
import { formatDuration } from '../../../core/time/duration.ts'
import { countPair } from '../count-pair.ts'
import { type EventSource, readErrorRatio } from '../error-ratio.ts'
import { eventsIndicator, type ImportedIndicator } from '../events-indicator.ts'
import type { ForeignValue } from '../foreign-value.ts'
import type { ImportNotes } from '../import-notes.ts'
import { opensloDurationMs, parseOpensloDuration } from './openslo-duration.ts'
import { opensloMetric } from './openslo-metric.ts'
import type { OpensloObjects } from './openslo-objects.ts'
import { type Threshold, thresholdIndicator } from './openslo-threshold.ts'
import { type Slicing, slicedIndicator } from './sliced-indicator.ts'

/** What an objective is about: the metric of an SLI, and the objective that says how it is counted. */
export interface IndicatorRequest {
  readonly ratio: ForeignValue
  readonly threshold: ForeignValue
  readonly objective: ForeignValue
  readonly method: ForeignValue
}

/** The indicator of an objective; undefined when it cannot be carried over, which is then an error. */
export function opensloIndicator(
  request: IndicatorRequest,
  objects: OpensloObjects,
  notes: ImportNotes,
): ImportedIndicator | undefined {
  const { ratio, threshold, objective, method } = request
  const sliced = readSlicing(objective, method, notes)
  if (sliced === undefined) return undefined
  const { slicing } = sliced
  if ((ratio.value === undefined) === (threshold.value === undefined)) {
    const found = ratio.value === undefined ? 'neither' : 'both'
    notes.refuse('RULE_INDICATOR', ratio, `an SLI is a ratioMetric or a thresholdMetric, and this has ${found}`)
    return undefined
  }
  if (threshold.value !== undefined) return readThreshold(threshold, objective, slicing, objects, notes)
  noteComparison(objective, notes)
  const source = readRatio(ratio, objects, notes)
  if (source === undefined) return undefined
  return slicing === undefined ? eventsIndicator(source, ratio) : slicedIndicator(source, slicing, ratio)
}

function readRatio(ratio: ForeignValue, objects: OpensloObjects, notes: ImportNotes): EventSource | undefined {
  const [raw, good, bad, total] = ['raw', 'good', 'bad', 'total'].map((key) => ratio.at(key))
  if (raw.value !== undefined) return readRaw(raw, ratio, objects, notes)
  if ((good.value === undefined) === (bad.value === undefined) || total.value === undefined) {
    const message = 'a ratioMetric has either "raw", or "total" with exactly one of "good" and "bad"'
    notes.refuse('RULE_INDICATOR', ratio, message)
    return undefined
  }
  const given = good.value === undefined ? 'bad' : 'good'
  const part = opensloMetric(ratio.at(given), objects, notes)
  const all = opensloMetric(total, objects, notes)
  if (part === undefined || all === undefined) return undefined
  const isCounter = ratio.at('counter').value === true || ratio.at('incremental').value === true
  return countPair({ given, part, total: all }, isCounter, notes)
}

function readRaw(
  raw: ForeignValue,
  ratio: ForeignValue,
  objects: OpensloObjects,
  notes: ImportNotes,
): EventSource | undefined {
  const rawType = ratio.at('rawType')
  const query = opensloMetric(raw, objects, notes)
  if (rawType.text !== 'success' && rawType.text !== 'failure') {
    notes.refuse('WRONG_VALUE', rawType, `rawType must be success or failure, not "${rawType.text ?? ''}"`)
    return undefined
  }
  return query === undefined ? undefined : readErrorRatio(query, rawType.text === 'success' ? 'good' : 'bad', notes)
}

/** In a ratio there is nothing to compare with, though files often have an operator. */
function noteComparison(objective: ForeignValue, notes: ImportNotes): void {
  const given = ['op', 'value'].filter((key) => objective.at(key).value !== undefined)
  if (given.length === 0) return
  const verb = given.length === 1 ? 'is' : 'are'
  const message = `${given.join(' and ')} ${verb} left out: in OpenSLO ${given.length === 1 ? 'it belongs' : 'they belong'} to a thresholdMetric`
  notes.warn('IMPORT_LEFT_OUT', objective.at(given[0]).placeOfKey(), message)
}

const operators: ReadonlyMap<string, Threshold['operator']> = new Map([
  ['lt', '<'],
  ['lte', '<='],
  ['gt', '>'],
  ['gte', '>='],
])

function readThreshold(
  metric: ForeignValue,
  objective: ForeignValue,
  slicing: Slicing | undefined,
  objects: OpensloObjects,
  notes: ImportNotes,
): ImportedIndicator | undefined {
  const query = opensloMetric(metric, objects, notes)
  const operator = operators.get(objective.at('op').text ?? '')
  const value = parseDecimal(objective.at('value').text ?? '')
  if (operator === undefined) {
    const message = `with a thresholdMetric the objective needs op: lt, lte, gt or gte`
    notes.refuse('WRONG_VALUE', objective.at('op'), message)
  }
  if (value === undefined)
    notes.refuse('WRONG_VALUE', objective.at('value'), 'with a thresholdMetric the objective needs a value')
  if (query === undefined || operator === undefined || value === undefined) return undefined
  const threshold = { operator, value, from: objective.at('value') }
  const indicator = thresholdIndicator(query, threshold, slicing, metric, notes)
  return indicator === undefined ? undefined : { indicator, groupBy: [] }
}

/** How the budgeting method cuts time; undefined when something is wrong with it, which is then an error. */
function readSlicing(
  objective: ForeignValue,
  method: ForeignValue,
  notes: ImportNotes,
): { readonly slicing: Slicing | undefined } | undefined {
  switch (method.text) {
    case 'Occurrences':
      return { slicing: undefined }
    case 'Timeslices':
    case 'RatioTimeslices': {
      const slice = readSlice(objective.at('timeSliceWindow'), objective, notes)
      const target = method.text === 'Timeslices' ? readSliceTarget(objective.at('timeSliceTarget'), notes) : undefined
      if (slice === undefined || (method.text === 'Timeslices' && target === undefined)) return undefined
      return { slicing: { slice, target, from: objective } }
    }
    default: {
      const message = `there is no budgetingMethod "${method.text}"`
      notes.refuse('WRONG_VALUE', method, message, 'known: Occurrences, Timeslices, RatioTimeslices')
      return undefined
    }
  }
}

/** A number alone is minutes. */
function readSlice(window: ForeignValue, objective: ForeignValue, notes: ImportNotes): string | undefined {
  if (window.text === undefined) {
    notes.warn(
      'IMPORT_ASSUMED',
      objective,
      'it is not said how long a slice is: it is taken to be 1m',
      'write timeSliceWindow',
    )
    return '1m'
  }
  const duration = parseOpensloDuration(/^\d+$/.test(window.text) ? `${window.text}m` : window.text)
  if (duration !== undefined) return formatDuration(opensloDurationMs(duration))
  notes.refuse('RULE_DURATION', window, `"${window.text}" is no length of a slice`, 'for example 1m')
  return undefined
}

function readSliceTarget(from: ForeignValue, notes: ImportNotes): Rational | undefined {
  const target = parseDecimal(from.text ?? '')
  if (target !== undefined && compare(target, rational(0n, 1n)) > 0 && compare(target, one) <= 0) return target
  notes.refuse(
    'WRONG_VALUE',
    from,
    'Timeslices need a timeSliceTarget above 0 and up to 1',
    'for example timeSliceTarget: 0.95',
  )
  return undefined
}
