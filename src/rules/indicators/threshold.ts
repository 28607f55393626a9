import type { ThresholdIndicator } from '../../core/model/indicator.ts'
import { printSelector } from '../../core/sli/print-counters.ts'
import { printFormula } from '../../core/sli/print-formula.ts'
import { readSelector } from '../read-counters.ts'
import { readFormula } from '../read-formula.ts'
import { readText } from '../read-values.ts'
import { conditionSchema, selectorSchema } from '../schema/scalar-schemas.ts'
import type { IndicatorKind } from './indicator-kind.ts'

type Combine = ThresholdIndicator['combine']

const combinations: readonly Combine[] = ['max', 'min', 'mean', 'sum']

/** What the condition calls the value of the gauge. */
const valueName = 'value'

/** A gauge that is good while a condition holds. */
export const threshold: IndicatorKind = {
  language: 'formulas',
  schema: {
    description:
      'A gauge that is good while a condition holds: the events are the milliseconds for which its value is known, and bad are those in which the condition does not hold.',
    type: 'object',
    properties: {
      metric: { ...selectorSchema, description: 'One selector; without it the region has no value.' },
      good: {
        ...conditionSchema,
        description: 'The condition, on the signal "value".',
        examples: ['value < 3', 'value >= 1 and value <= 5'],
      },
      combine: {
        description:
          'How the series of one region make one value. With max a condition such as value < 3 holds for every series, with min one such as value > 3.',
        enum: combinations,
        default: 'max',
        examples: ['max'],
      },
    },
    required: ['metric', 'good'],
    additionalProperties: false,
    examples: [{ metric: 'db_replication_lag_seconds{db="orders"}', good: 'value < 3', combine: 'max' }],
  },
  read(reading, path) {
    const metric = readSelector(reading, [...path, 'metric'])
    const good = readFormula(reading, [...path, 'good'], [valueName], 'boolean')
    const combine = readText(reading, [...path, 'combine']) ?? 'max'
    if (metric === undefined || good === undefined || !isCombination(combine)) return undefined
    return { kind: 'threshold', metric, combine, good }
  },
  print(indicator) {
    if (indicator.kind !== 'threshold') return undefined
    const { metric, good, combine } = indicator
    return { metric: printSelector(metric), good: printFormula(good, [valueName]), combine }
  },
}

function isCombination(text: string): text is Combine {
  return combinations.some((combination) => combination === text)
}
