import { createHash } from 'node:crypto'
import type { Config } from '../config/config.ts'
import type { Formula } from '../core/model/formula.ts'
import type { Indicator, Signal } from '../core/model/indicator.ts'
import { definitionLengthMax } from '../core/model/limits.ts'
import type { Slo } from '../core/model/slo.ts'
import { readSloId } from '../core/model/slo-id.ts'
import { type EpochMs, minuteMs } from '../core/model/units.ts'
import { printCounters, printSelector } from '../core/sli/print-counters.ts'
import { printFormula } from '../core/sli/print-formula.ts'
import { eventsOf, promqlSelector } from '../core/sli/promql-selector.ts'
import { formatDuration } from '../core/time/duration.ts'
import { documentText } from '../documents/document-text.ts'
import type {
  DefinitionView,
  IndicatorDefinition,
  PrometheusConsole,
  RulesRecord,
  SignalDefinition,
  SloDefinition,
} from '../ports/definition-view.ts'
import { indicatorKinds } from '../rules/indicators/all-kinds.ts'
import type { RuleFile } from '../rules/read-documents.ts'

/** The rules that are in force, with the files that they were read from. */
export interface RulesRead {
  readonly config: Pick<Config, 'sources'>
  readonly slos: readonly Slo[]
  readonly files: readonly RuleFile[]
  readonly record: RulesRecord
}

/** Over which the queries of a definition look back: a few scrapes of any usual interval. */
const queryWindowMs = 5 * minuteMs

/** Tells what the rules in force say of each SLO; groups have the definition of the SLO that they are groups of. */
export function definitions(inForce: () => RulesRead): DefinitionView {
  return {
    definition: (id) => {
      const { slos, files, config, record } = inForce()
      const { name } = readSloId(id)
      const slo = slos.find((one) => one.name === name)
      return slo === undefined ? undefined : definitionOf(slo, files, consolesOf(config), record)
    },
  }
}

/** The record of rules that were read now, after those that were in force before, if any. */
export function rulesRecord(files: readonly RuleFile[], now: EpochMs, before?: RulesRecord): RulesRecord {
  const hash = createHash('sha256')
  for (const { name, text } of files) hash.update(JSON.stringify([name, text]))
  const digest = hash.digest('hex')
  const changedAt = before === undefined || before.hash === digest ? (before?.changedAt ?? null) : now
  return { hash: digest, readAt: now, changedAt }
}

function definitionOf(
  slo: Slo,
  files: readonly RuleFile[],
  consoles: readonly PrometheusConsole[],
  rules: RulesRecord,
): SloDefinition {
  const { at, indicator } = slo
  const file = files.find(({ name }) => name === at.file)
  const text = file === undefined ? '' : documentText(file.text, at.line)
  return {
    at,
    source: text.slice(0, definitionLengthMax),
    isCut: text.length > definitionLengthMax,
    indicator: indicatorOf(indicator),
    consoles,
    rules,
  }
}

function consolesOf({ sources }: Pick<Config, 'sources'>): readonly PrometheusConsole[] {
  return sources.flatMap((source) => {
    if (source.kind !== 'prometheus') return []
    return [{ source: source.name, region: source.region, url: source.settings.url }]
  })
}

function indicatorOf(indicator: Indicator): IndicatorDefinition {
  const [kind, content] = writtenAs(indicator)
  const below = kind === 'latency' && typeof content['below'] === 'string' ? content['below'] : null
  return { kind, below, ...countedBy(indicator) }
}

/** The key under which a rule file says it, and what stands there. */
function writtenAs(indicator: Indicator): [string, Readonly<Record<string, unknown>>] {
  for (const [key, kind] of Object.entries(indicatorKinds)) {
    const content = kind.print(indicator)
    if (content !== undefined) return [key, content]
  }
  return [indicator.kind, {}]
}

function countedBy(indicator: Indicator): Pick<IndicatorDefinition, 'signals' | 'formulas'> {
  switch (indicator.kind) {
    case 'events': {
      const { signals, bad, total } = indicator
      return {
        signals: signals.map(counted),
        formulas: [formula('bad', bad, signals), formula('total', total, signals)],
      }
    }
    case 'slices': {
      const { signals, good, sliceMs } = indicator
      return {
        signals: signals.map(counted),
        formulas: [formula(`good, each ${formatDuration(sliceMs)}`, good, signals)],
      }
    }
    case 'threshold': {
      const { metric, combine, good } = indicator
      const value = {
        name: 'value',
        selector: printSelector(metric),
        query: `${combine === 'mean' ? 'avg' : combine}(${promqlSelector(metric)})`,
      }
      return { signals: [value], formulas: [{ name: 'good while', text: printFormula(good, ['value']) }] }
    }
    case 'composite':
      return {
        signals: [],
        formulas: indicator.of.map(({ slo, weight }) => ({ name: indicator.combine, text: `${slo} × ${weight}` })),
      }
    default: {
      const { given, query, total } = indicator
      return { signals: [asked(given, query), ...(total === null ? [] : [asked('total', total)])], formulas: [] }
    }
  }
}

function counted({ name, counters }: Signal): SignalDefinition {
  return { name, selector: printCounters(counters), query: eventsOf(counters, queryWindowMs) }
}

/** `$window` stands for the stretch between two questions. */
function asked(name: string, query: string): SignalDefinition {
  return { name, selector: query, query: query.replaceAll('$window', formatDuration(queryWindowMs)) }
}

function formula(name: string, text: Formula, signals: readonly Signal[]) {
  return {
    name,
    text: printFormula(
      text,
      signals.map((signal) => signal.name),
    ),
  }
}
