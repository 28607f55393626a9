import { clustersPerSourceMax } from '../../core/model/limits.ts'
import type { DurationMs, EpochMs } from '../../core/model/units.ts'
import type { Log } from '../../ports/log.ts'
import type { Meter } from '../../ports/meter.ts'

/** Several senders of the same samples, of which one is heard. */
export interface Cluster {
  readonly name: string
  elected: string
  /** When the elected replica sent last. */
  heardAt: EpochMs
}

/** Who is told when another replica takes over. */
export interface ElectionWorld {
  readonly source: string
  readonly meter: Meter
  readonly log: Log
}

/** Elects one replica of each cluster: the first that sends, until it was silent for so long that another takes over. */
export class ReplicaElection {
  readonly #failoverMs: DurationMs
  readonly #world: ElectionWorld
  readonly #clusters = new Map<string, Cluster>()

  constructor(failoverMs: DurationMs, world: ElectionWorld) {
    this.#failoverMs = failoverMs
    this.#world = world
  }

  /** The cluster of a replica that sends now; undefined where it is one more than there may be. */
  clusterOf(name: string, replica: string, now: EpochMs): Cluster | undefined {
    const known = this.#clusters.get(name)
    if (known !== undefined) return known
    if (this.#clusters.size >= clustersPerSourceMax) {
      this.#world.meter.count('sloburn_limit_hits_total', { limit: 'clustersPerSourceMax' })
      return undefined
    }
    const cluster = { name, elected: replica, heardAt: now }
    this.#clusters.set(name, cluster)
    return cluster
  }

  /** Whether a replica that sends now is the elected one, or takes over. */
  isHeard(cluster: Cluster, replica: string, now: EpochMs): boolean {
    if (cluster.elected !== replica) {
      if (now - cluster.heardAt <= this.#failoverMs) return false
      const { source, meter, log } = this.#world
      log.warn({ source, cluster: cluster.name, from: cluster.elected, to: replica }, 'another replica takes over')
      meter.count('sloburn_ingest_replica_failovers_total', { source, cluster: cluster.name })
      cluster.elected = replica
    }
    cluster.heardAt = now
    return true
  }
}
