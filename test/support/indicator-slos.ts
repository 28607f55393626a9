import type { Formula, FormulaType } from '../../src/core/model/formula.ts'
import type {
  CompositeIndicator,
  Indicator,
  QueryIndicator,
  SlicesIndicator,
  ThresholdIndicator,
} from '../../src/core/model/indicator.ts'
import type { RegionSettings, Slo } from '../../src/core/model/slo.ts'
import { loadFormulaParser } from '../../src/core/sli/parse-formula.ts'
import { anSlo, counters, type SloChoices } from './engine-slo.ts'

const { parseFormula } = await loadFormulaParser()

/** A formula as a rule file writes it. */
export function formula(text: string, signals: readonly string[], type: FormulaType): Formula {
  const result = parseFormula(text, signals, type)
  if (result.kind === 'failed') throw new Error(`${text}: ${result.message}`)
  return result.formula
}

/** Everything about an SLO that tests of indicators choose. */
export interface IndicatorChoices extends Omit<SloChoices, 'bad' | 'good' | 'total' | 'global'> {
  readonly window?: Slo['window']
  readonly groupBy?: readonly string[]
  readonly global?: RegionSettings['global']
  readonly regionObjectives?: RegionSettings['objectives']
  readonly pastObjectives?: Slo['pastObjectives']
  readonly forMs?: number
}

/** An SLO over any indicator. */
export function sloOf(indicator: Indicator, choices: IndicatorChoices = {}): Slo {
  const { global = 'events', regionObjectives = new Map(), forMs = 0, ...rest } = choices
  const slo = anSlo({ ...rest, global: global === 'none' ? 'none' : 'events' })
  return {
    ...slo,
    indicator,
    window: choices.window ?? slo.window,
    groupBy: choices.groupBy ?? [],
    pastObjectives: choices.pastObjectives ?? [],
    regions: { ...slo.regions, global, objectives: regionObjectives },
    alerting: { ...slo.alerting, policy: { ...slo.alerting.policy, forMs } },
  }
}

/** The counters `bad` and `total` as a ratio. */
export function ratioSlo(choices: IndicatorChoices = {}): Slo {
  return sloOf(anSlo().indicator, choices)
}

/** Time slices over the counters `bad` and `total`, under these names. */
export function slicesSlo(
  { sliceMs, good, method = 'slices' }: { sliceMs: number; good: string; method?: SlicesIndicator['method'] },
  choices: IndicatorChoices = {},
): Slo {
  const signals = ['bad', 'total'].map((name) => ({ name, counters: counters(name) }))
  const type = method === 'slices' ? 'boolean' : 'number'
  return sloOf({ kind: 'slices', sliceMs, signals, method, good: formula(good, ['bad', 'total'], type) }, choices)
}

/** A condition on the gauge `lag`. */
export function thresholdSlo(
  good: string,
  { combine = 'max', ...choices }: IndicatorChoices & { combine?: ThresholdIndicator['combine'] } = {},
): Slo {
  const [{ selector }] = counters('lag').terms
  return sloOf({ kind: 'threshold', metric: selector, combine, good: formula(good, ['value'], 'boolean') }, choices)
}

/** An SLO made of others. */
export function compositeSlo(
  combine: CompositeIndicator['combine'],
  of: CompositeIndicator['of'],
  choices: IndicatorChoices = {},
): Slo {
  return sloOf({ kind: 'composite', combine, of }, { name: 'composite', ...choices })
}

/** An SLO that is asked for. */
export function querySlo(query: Partial<QueryIndicator> = {}, choices: IndicatorChoices = {}): Slo {
  const bad = 'sum(rate(bad[$window]))'
  const total = 'sum(rate(total[$window]))'
  return sloOf({ kind: 'query', given: 'bad', query: bad, total, ...query }, choices)
}
