import type { Engine } from '../engine/engine.ts'
import { sloHistory, sloTrend } from '../engine/slo-history.ts'
import { sloStatuses, sloStatusInDetail } from '../engine/slo-status.ts'
import type { Clock } from '../ports/clock.ts'
import type { HistoryView } from '../ports/history-view.ts'
import type { StatusView } from '../ports/status-view.ts'
import type { EngineLoop } from './engine-loop.ts'
import type { Inputs } from './inputs.ts'
import type { OpenedStore } from './open-store.ts'

/** What is shown of a running engine. */
export interface ShownParts {
  readonly engine: Engine
  readonly loop: Pick<EngineLoop, 'hasTurned'>
  readonly inputs: Pick<Inputs, 'status'>
  readonly opened: OpenedStore
  readonly clock: Pick<Clock, 'now'>
}

/** How a running engine stands, for whoever asks. */
export function statusView({ engine, loop, inputs, opened, clock }: ShownParts): StatusView {
  const { store } = opened
  return {
    slos: () => sloStatuses(engine, clock.now()),
    slo: (name) => sloStatusInDetail(engine, name, clock.now()),
    episodes: (query) => store.episodes(query),
    cardinality: () => engine.cardinality,
    sources: () => inputs.status(),
    notReadyReasons: () => (loop.hasTurned ? [] : ['the first evaluation is not done yet']),
    storeOutage: () => opened.outage(),
    deadLetters: (limit) => store.outbox.list({ limit, status: 'dead' }),
  }
}

/** What a running engine counted before. */
export function historyView(engine: Engine): HistoryView {
  return {
    history: (query) => sloHistory(engine, query),
    trend: (slo, days) => sloTrend(engine, slo, days),
  }
}
