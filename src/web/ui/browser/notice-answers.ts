/** One silence. */
export interface SilenceJson {
  readonly id: string
  readonly state: 'active' | 'pending' | 'expired'
  readonly matchers: readonly {
    readonly name: string
    readonly value: string
    readonly isRegex: boolean
    readonly isEqual: boolean
  }[]
  readonly startsAt: number
  readonly endsAt: number
  readonly createdBy: string
  readonly comment: string
  readonly endedBy: string | null
}

/** Something that was changed. */
export interface AnnotationJson {
  readonly id: string
  readonly kind: string
  readonly text: string
  readonly service: string | null
  readonly region: string | null
  readonly at: number
  readonly url: string | null
  readonly createdBy: string
}

/** A period that is left out or not told. */
export interface ExclusionJson {
  readonly id: string
  readonly slos: readonly string[]
  readonly services: readonly string[]
  readonly regions: readonly string[]
  readonly mute: boolean
  readonly excludeFromBudget: boolean
  readonly author: string
  readonly reason: string
  readonly schedule:
    | { readonly kind: 'once'; readonly from: number; readonly to: number }
    | {
        readonly kind: 'recurring'
        readonly weekdays: readonly number[]
        readonly minuteOfDay: number
        readonly durationMs: number
        readonly timeZone: string
      }
  readonly declaredAt: string | null
  /** When it takes place in the stretch that was asked for. */
  readonly occurrences?: readonly { readonly from: number; readonly to: number }[]
  readonly removed: { readonly at: number; readonly author: string; readonly reason: string } | null
}

/** One line of what was done to exclusions. */
export interface ExclusionAuditJson {
  readonly exclusion: string
  readonly action: string
  readonly at: number
  readonly author: string
  readonly reason: string
}
