import { randomUUID } from 'node:crypto'
import type { Annotation } from '../core/model/annotation.ts'
import {
  acknowledgementMaxMs,
  annotationsMax,
  futureSampleToleranceMs,
  silenceLengthMaxMs,
  silencesMax,
} from '../core/model/limits.ts'
import type { Silence } from '../core/model/silence.ts'
import { formatDuration } from '../core/time/duration.ts'
import type { Engine } from '../engine/engine.ts'
import { noNotices } from '../engine/silences-and-annotations.ts'
import type { TickResult } from '../engine/tick.ts'
import type { Clock } from '../ports/clock.ts'
import type { IncidentBoard, NewAnnotation, NewSilence } from '../ports/incident-board.ts'
import type { Meter } from '../ports/meter.ts'
import type { Store } from '../ports/store.ts'

/** What the board acts on. */
export interface IncidentBoardWorld {
  readonly engine: Engine
  readonly store: Pick<Store, 'incidents'>
  readonly clock: Pick<Clock, 'now'>
  readonly meter: Meter
  readonly exclusively: <T>(action: () => Promise<T>) => Promise<T>
  /** Told of what was decided at once. */
  readonly onDecided: (result: TickResult) => void
}

/** Incidents of a running engine: what is asked for is decided between two ticks and stored with what follows from it. */
export function incidentBoard(world: IncidentBoardWorld): IncidentBoard {
  const { engine, store, clock, meter, exclusively, onDecided } = world

  const post = (notices: Partial<typeof noNotices>): Promise<void> =>
    exclusively(async () => onDecided(await engine.post({ ...noNotices, ...notices })))
  const full = (limit: string): void => meter.count('sloburn_limit_hits_total', { limit })

  return {
    incidents: (query) => store.incidents.list(query),
    timeline: (id) => store.incidents.timeline(id),
    acknowledge: (id, { by, note, forMs }) =>
      exclusively(async () => {
        const at = clock.now()
        const until = at + Math.min(forMs, acknowledgementMaxMs)
        const result = await engine.acknowledge(id, { by, note, at, until })
        if (result === undefined) return undefined
        onDecided(result)
        return engine.desk.incident(id)
      }),
    silences: (all) => {
      const now = clock.now()
      return engine.desk.silences.filter(({ endsAt }) => all || endsAt > now).toReversed()
    },
    async silence(wanted) {
      const silence = silenceOf(wanted, clock.now())
      if (typeof silence === 'string') return silence
      if (engine.desk.silences.filter(({ endsAt }) => endsAt > clock.now()).length >= silencesMax) {
        full('silencesMax')
        return `there are ${silencesMax} silences already: end some of them`
      }
      await post({ silences: [silence] })
      return silence
    },
    async endSilence(id, by) {
      const now = clock.now()
      const silence = engine.desk.silences.find((one) => one.id === id && one.endsAt > now)
      if (silence === undefined) return false
      await post({ silences: [{ ...silence, endsAt: now, endedBy: by }] })
      return true
    },
    annotations: (limit) => engine.desk.annotations.toSorted((a, b) => b.at - a.at).slice(0, limit),
    async annotate(wanted) {
      const annotation = annotationOf(wanted, clock.now())
      if (typeof annotation === 'string') return annotation
      if (engine.desk.annotations.length >= annotationsMax) {
        full('annotationsMax')
        return `there are ${annotationsMax} annotations already: no more are taken until old ones are forgotten`
      }
      await post({ annotations: [annotation] })
      return annotation
    },
    async withdrawAnnotation(id, by) {
      const annotation = engine.desk.annotations.find((one) => one.id === id)
      if (annotation === undefined) return false
      await post({ annotations: [{ ...annotation, withdrawnBy: by }] })
      return true
    },
  }
}

function silenceOf({ startsAt, endsAt, ...rest }: NewSilence, now: number): Silence | string {
  const start = Math.max(startsAt ?? now, now)
  if (endsAt <= start) return 'it must end after it begins, and in the future'
  if (endsAt - start > silenceLengthMaxMs) return `it must not last longer than ${formatDuration(silenceLengthMaxMs)}`
  return { id: randomUUID(), startsAt: start, endsAt, createdAt: now, endedBy: null, ...rest }
}

function annotationOf({ at, ...rest }: NewAnnotation, now: number): Annotation | string {
  if (at !== undefined && at > now + futureSampleToleranceMs) return 'it must not lie in the future'
  return { id: randomUUID(), at: at ?? now, ...rest }
}
