import { isInForce } from '../core/incidents/hush.ts'
import type { Annotation } from '../core/model/annotation.ts'
import type { Silence } from '../core/model/silence.ts'
import type { EpochMs } from '../core/model/units.ts'

/** Silences and annotations, as stored and with what is being added; as in `AlertStates`, that counts once it is stored. */
export class SilencesAndAnnotations {
  #silences: readonly Silence[]
  #annotations: readonly Annotation[]
  #newSilences: readonly Silence[] = []
  #newAnnotations: readonly Annotation[] = []

  constructor(silences: readonly Silence[] = [], annotations: readonly Annotation[] = []) {
    this.#silences = silences
    this.#annotations = annotations.filter(isStanding)
  }

  /** Every silence that is remembered, with what is being added. */
  get silences(): readonly Silence[] {
    if (this.#newSilences.length === 0) return this.#silences
    const changed = new Set(this.#newSilences.map(({ id }) => id))
    return [...this.#silences.filter(({ id }) => !changed.has(id)), ...this.#newSilences]
  }

  /** Every annotation that stands, with what is being added and without what is being taken back. */
  get annotations(): readonly Annotation[] {
    if (this.#newAnnotations.length === 0) return this.#annotations
    const changed = new Set(this.#newAnnotations.map(({ id }) => id))
    return [...this.#annotations.filter(({ id }) => !changed.has(id)), ...this.#newAnnotations.filter(isStanding)]
  }

  silencesAt(now: EpochMs): readonly Silence[] {
    return this.silences.filter((silence) => isInForce(silence, now))
  }

  /** When a silence begins or ends next; Infinity when none does. */
  dueAfter(now: EpochMs): EpochMs {
    const edges = this.silences.flatMap(({ startsAt, endsAt }) => [startsAt, endsAt]).filter((at) => at > now)
    return edges.reduce((a, b) => Math.min(a, b), Number.POSITIVE_INFINITY)
  }

  draft({ silences, annotations }: Notices): void {
    this.#newSilences = silences
    this.#newAnnotations = annotations
  }

  drafts(): Notices {
    return { silences: this.#newSilences, annotations: this.#newAnnotations }
  }

  applyDrafts(): void {
    this.#silences = this.silences
    this.#annotations = this.annotations
    this.dropDrafts()
  }

  dropDrafts(): void {
    this.#newSilences = []
    this.#newAnnotations = []
  }

  /** What was over before a time is forgotten. */
  forget(before: EpochMs): void {
    this.#silences = this.#silences.filter(({ endsAt }) => endsAt >= before)
    this.#annotations = this.#annotations.filter(({ at }) => at >= before)
  }
}

function isStanding({ withdrawnBy }: Annotation): boolean {
  return withdrawnBy === undefined
}

/** Something to be put up. */
export interface Notices {
  readonly silences: readonly Silence[]
  readonly annotations: readonly Annotation[]
}

export const noNotices: Notices = { silences: [], annotations: [] }
