import type { Formula } from '../../core/model/formula.ts'
import { printFormula } from '../../core/sli/print-formula.ts'
import { readFormula } from '../read-formula.ts'
import { printSignals, readSignals } from '../read-signals.ts'
import { numberFormulaSchema } from '../schema/scalar-schemas.ts'
import { signalsSchema } from '../schema/signals-schema.ts'
import type { IndicatorKind } from './indicator-kind.ts'

/** Bad (or good) and total events as arithmetic over named counters. */
export const expression: IndicatorKind = {
  language: 'formulas',
  schema: {
    description:
      'Bad (or good) and all events as arithmetic over named counters. The formulas are computed from the sums of the signals over each window; what falls below zero counts as zero.',
    type: 'object',
    properties: {
      signals: signalsSchema,
      bad: { ...numberFormulaSchema, description: 'The failures, as arithmetic over the signals.' },
      good: { ...numberFormulaSchema, description: 'The successes; everything else is bad.', examples: ['all - err'] },
      total: { ...numberFormulaSchema, description: 'All events, as arithmetic over the signals.', examples: ['all'] },
    },
    required: ['signals', 'total'],
    oneOf: [{ required: ['bad'] }, { required: ['good'] }],
    additionalProperties: false,
    errorMessage: 'an expression has exactly one of "bad" and "good" beside "signals" and "total"',
    'x-code': 'RULE_INDICATOR',
    examples: [
      {
        signals: { err: 'errors_total{job="a"}', slow: 'slow_total{job="a"}', all: 'requests_total{job="a"}' },
        bad: 'err + slow',
        total: 'all',
      },
    ],
  },
  read(reading, path) {
    const { names, signals } = readSignals(reading, [...path, 'signals'])
    const given = reading.document.at([...path, 'good']) === undefined ? 'bad' : 'good'
    const counted = readFormula(reading, [...path, given], names, 'number')
    const total = readFormula(reading, [...path, 'total'], names, 'number')
    if (signals === undefined || counted === undefined || total === undefined) return undefined
    const bad: Formula = given === 'bad' ? counted : { kind: 'binary', operator: '-', left: total, right: counted }
    return { kind: 'events', signals, bad, total }
  },
  print(indicator) {
    if (indicator.kind !== 'events') return undefined
    const { signals, bad, total } = indicator
    const names = signals.map(({ name }) => name)
    const all = printFormula(total, names)
    const isRest = bad.kind === 'binary' && bad.operator === '-' && printFormula(bad.left, names) === all
    const given = isRest ? { good: printFormula(bad.right, names) } : { bad: printFormula(bad, names) }
    return { signals: printSignals(signals), ...given, total: all }
  },
}
