import { printFormula } from '../../core/sli/print-formula.ts'
import { formatDuration } from '../../core/time/duration.ts'
import { readFormula } from '../read-formula.ts'
import { printSignals, readSignals } from '../read-signals.ts'
import { readSpan, readText } from '../read-values.ts'
import { conditionSchema, durationSchema } from '../schema/scalar-schemas.ts'
import { signalsSchema } from '../schema/signals-schema.ts'
import type { IndicatorKind } from './indicator-kind.ts'

/** Slices of time that are good or bad as a whole. */
export const timeSlices: IndicatorKind = {
  language: 'formulas',
  schema: {
    description:
      'Slices of time that are good or bad as a whole, however much happens in them: the events are the slices that had any.',
    type: 'object',
    properties: {
      slice: {
        ...durationSchema,
        description: 'The length of a slice: a multiple of the evaluation interval.',
        examples: ['1m', '5m'],
      },
      good: {
        ...conditionSchema,
        description:
          'When a slice is good, as a condition on the signals summed over it; with method: ratio its good share, a number from 0 to 1. A slice for which it cannot be known, such as bad / total without events, does not count.',
        examples: ['bad / total <= 0.01'],
      },
      signals: signalsSchema,
      method: {
        description:
          '"slices": a slice is good or bad. "ratio": it counts with its good share, so that every slice weighs the same.',
        enum: ['slices', 'ratio'],
        default: 'slices',
        examples: ['slices'],
      },
    },
    required: ['slice', 'good', 'signals'],
    additionalProperties: false,
    examples: [
      {
        slice: '1m',
        good: 'bad / total <= 0.01',
        signals: { bad: 'errors_total{job="a"}', total: 'requests_total{job="a"}' },
      },
    ],
  },
  read(reading, path) {
    const sliceMs = readSpan(reading, [...path, 'slice'])
    const { names, signals } = readSignals(reading, [...path, 'signals'])
    const isRatio = readText(reading, [...path, 'method']) === 'ratio'
    const good = readFormula(reading, [...path, 'good'], names, isRatio ? 'number' : 'boolean')
    if (sliceMs === undefined || signals === undefined || good === undefined) return undefined
    return { kind: 'slices', sliceMs, signals, good, method: isRatio ? 'ratio-slices' : 'slices' }
  },
  print(indicator) {
    if (indicator.kind !== 'slices') return undefined
    const { sliceMs, signals, good, method } = indicator
    return {
      slice: formatDuration(sliceMs),
      good: printFormula(
        good,
        signals.map(({ name }) => name),
      ),
      signals: printSignals(signals),
      ...(method === 'slices' ? {} : { method: 'ratio' }),
    }
  },
}
