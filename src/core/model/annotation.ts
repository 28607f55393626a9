import type { EpochMs } from './units.ts'

/** Something that was done to a service: a deployment, a flag turned, a failover rehearsed. */
export interface Annotation {
  readonly id: string
  /** `deploy` may hold slow burns back for a while; every other word is only shown. */
  readonly kind: string
  /** Such as `4f2c1a9`. */
  readonly text: string
  /** null when it concerns every service. */
  readonly service: string | null
  /** null when it concerns every region. */
  readonly region: string | null
  readonly at: EpochMs
  readonly url: string | null
  readonly createdBy: string
  /** Who took it back; absent while it stands. One that was taken back is kept, and told to nobody. */
  readonly withdrawnBy?: string
}
