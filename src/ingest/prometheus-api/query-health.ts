import { namesPerLogLineMax } from '../../core/model/limits.ts'
import type { Log } from '../../ports/log.ts'
import type { Meter } from '../../ports/meter.ts'
import type { SpanEvents } from './span-events.ts'

/** Which queries of a source are answered, and which are not. */
export interface QueryHealth {
  /** How the query of an SLO went. */
  note(slo: string, events: SpanEvents): void
  /** A round is over: says what has changed since the one before. SLOs that are not asked any more are forgotten. */
  report(slos: readonly string[]): void
  problem(): string | undefined
}

type State = 'answered' | Extract<SpanEvents, { kind: 'unknown' }>

/** Counts every outcome, and says what is wrong, or well again, once for all SLOs to which it happens together. */
export function queryHealth({
  source,
  region,
  log,
  meter,
}: {
  source: string
  region: string
  log: Log
  meter: Meter
}): QueryHealth {
  const states = new Map<string, State>()
  const said = new Map<string, string>()
  return {
    note: (slo, events) => {
      const state = events.kind === 'known' ? 'answered' : events
      states.set(slo, state)
      meter.count('sloburn_queries_total', { source, outcome: outcomeOf(state) })
    },
    report: (slos) => {
      const asked = new Set(slos)
      for (const slo of states.keys()) if (!asked.has(slo)) forget(slo)
      const changed = [...states].filter(([slo, state]) => (said.get(slo) ?? 'answered') !== outcomeOf(state))
      for (const [slo, state] of changed) said.set(slo, outcomeOf(state))
      for (const together of Map.groupBy(changed, ([, state]) => JSON.stringify(state)).values()) {
        const names = together.map(([slo]) => slo)
        const fields = { source, region, slos: names.slice(0, namesPerLogLineMax), count: names.length }
        const [[, state]] = together
        if (state === 'answered') log.info(fields, 'queries are answered again')
        else
          log.warn(
            { ...fields, outcome: state.outcome, problem: state.reason },
            'queries are not answered: what they ask for is unknown',
          )
      }
    },
    problem: () => {
      const unwell = [...states].flatMap(([slo, state]) => (state === 'answered' ? [] : [`${slo}: ${state.reason}`]))
      return unwell.length > 1 ? `${unwell[0]} (and ${unwell.length - 1} more)` : unwell[0]
    },
  }

  function forget(slo: string): void {
    states.delete(slo)
    said.delete(slo)
  }
}

function outcomeOf(state: State): string {
  return state === 'answered' ? state : state.outcome
}
