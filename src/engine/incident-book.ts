import type { Incident } from '../core/model/incident.ts'
import type { EpochMs } from '../core/model/units.ts'

/**
 * Every incident that something may still change: those that are open, those that are over and wait to be told, and those that
 * were over a short time ago, to tell whether one flaps. As in `AlertStates`, what a tick decides counts once it is stored.
 */
export class IncidentBook {
  readonly #stored = new Map<string, Incident>()
  readonly #drafts = new Map<string, Incident>()
  readonly #released = new Set<string>()
  /** Ids by SLO and by service, drafts included; some may be gone by now. */
  readonly #ofSlo = new Map<string, Set<string>>()
  readonly #ofService = new Map<string, Set<string>>()

  constructor(incidents: Iterable<Incident> = []) {
    for (const incident of incidents) {
      this.#stored.set(incident.id, incident)
      this.#index(incident)
    }
  }

  get isEmpty(): boolean {
    return this.#stored.size === 0 && this.#drafts.size === 0
  }

  get(id: string): Incident | undefined {
    return this.#drafts.get(id) ?? this.#stored.get(id)
  }

  /** As it was before the tick under way. */
  stored(id: string): Incident | undefined {
    return this.#stored.get(id)
  }

  /** All of them, as the tick under way sees them. */
  *all(): Iterable<Incident> {
    for (const [id, incident] of this.#stored) yield this.#drafts.get(id) ?? incident
    for (const [id, incident] of this.#drafts) if (!this.#stored.has(id)) yield incident
  }

  /** Those that hold an SLO, then those of a service, in the order in which they opened. */
  candidates(slo: string, service: string): readonly Incident[] {
    const [ofSlo, ofService] = [this.#ofSlo.get(slo), this.#ofService.get(service)]
    if (ofSlo === undefined && ofService === undefined) return []
    const ids = new Set([...(ofSlo ?? []), ...(ofService ?? [])])
    return [...ids].map((id) => this.get(id)).filter((incident) => incident !== undefined)
  }

  draft(incident: Incident): void {
    const known = this.get(incident.id)
    this.#drafts.set(incident.id, incident)
    // Each is drafted several times in a turn, and found by its alerts alone.
    if (known?.alerts !== incident.alerts) this.#index(incident)
  }

  /** Nothing will change it any more. */
  release(id: string): void {
    this.#released.add(id)
  }

  drafts(): readonly Incident[] {
    return [...this.#drafts.values()]
  }

  released(): readonly string[] {
    return [...this.#released]
  }

  /** The drafts were stored. */
  applyDrafts(): void {
    for (const [id, incident] of this.#drafts) this.#stored.set(id, incident)
    this.#drafts.clear()
    for (const id of this.#released) this.#forget(id)
    this.#released.clear()
  }

  dropDrafts(): void {
    this.#drafts.clear()
    this.#released.clear()
  }

  #index({ id, service, alerts }: Incident): void {
    for (const alert of alerts) put(this.#ofSlo, alert.id.slo, id)
    put(this.#ofService, service, id)
  }

  #forget(id: string): void {
    const incident = this.#stored.get(id)
    this.#stored.delete(id)
    if (incident === undefined) return
    for (const alert of incident.alerts) drop(this.#ofSlo, alert.id.slo, id)
    drop(this.#ofService, incident.service, id)
  }
}

/** Whether nothing will change an incident any more. */
export function isDone({ phase, telling }: Incident, now: EpochMs, rememberMs: number): boolean {
  return phase.kind === 'closed' && telling.waiting === null && now - phase.at >= rememberMs
}

function put(index: Map<string, Set<string>>, name: string, id: string): void {
  const ids = index.get(name)
  if (ids === undefined) index.set(name, new Set([id]))
  else ids.add(id)
}

function drop(index: Map<string, Set<string>>, name: string, id: string): void {
  const ids = index.get(name)
  ids?.delete(id)
  if (ids?.size === 0) index.delete(name)
}
