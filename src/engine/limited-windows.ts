import type { DurationMs, EpochMs } from '../core/model/units.ts'
import type { CountHistory } from '../core/series/count-history.ts'
import type { SharedRule } from './sweep-class.ts'
import type { EventColumns } from './sweep-edges.ts'

/** What the limits of a region are found from. */
export interface BurnScope {
  readonly history: CountHistory
  readonly columns: EventColumns
  /** By SLO, 1 where its bad events and all its events are one column each that only ever grows: others have no limit. */
  readonly areGrowing: Uint8Array
  readonly windows: readonly DurationMs[]
  readonly rules: readonly SharedRule[]
  /** By SLO, the place of its class. */
  readonly classPlaces: Int32Array
}

/**
 * For how much of a window, and how many steps, its limits hold ahead of the moment at which they were found: more makes them
 * cheaper and less sharp. Short windows are sharp, since of all SLOs those are looked at that reach the limit of one.
 */
const ahead = { short: { share: 1 / 2, stepsMax: 12 }, long: { share: 1 / 8, stepsMax: 48 } }

/** A window of the rules at one place: by class the ratio under which it burns, and the place of its limit among those of an SLO. */
export interface LimitedWindow {
  readonly windowMs: DurationMs
  readonly isLong: boolean
  readonly ratios: Float64Array
  readonly place: number
  /** By block, from when on its limits hold, and when they are to be found anew. */
  readonly from: Float64Array
  readonly due: Float64Array
}

/** Each window of each place once, whichever classes have it. */
export function limitedWindows({ rules, windows, history }: BurnScope): readonly LimitedWindow[] {
  const limited: LimitedWindow[] = []
  const add = (window: number, rule: SharedRule, isLong: boolean) => {
    const windowMs = windows[window]
    const place = limitPlace(rule.place, isLong)
    const known = limited.find((one) => one.windowMs === windowMs && one.place === place)
    if (known === undefined) {
      const { share, stepsMax } = isLong ? ahead.long : ahead.short
      const blocks = Math.max(1, Math.min(stepsMax, Math.floor((windowMs * share) / history.stepMs)))
      const from = new Float64Array(blocks).fill(Number.POSITIVE_INFINITY)
      limited.push({ windowMs, isLong, ratios: rule.ratios.slice(), place, from, due: new Float64Array(blocks) })
    } else {
      for (const [ofClass, ratio] of rule.ratios.entries()) if (!Number.isNaN(ratio)) known.ratios[ofClass] = ratio
    }
  }
  for (const rule of rules) {
    add(rule.short, rule, false)
    add(rule.long, rule, true)
  }
  return limited
}

/** Where a limit stands among those of an SLO, which lie side by side since they are asked for together. */
export function limitPlace(ofRule: number, isLong: boolean): number {
  return 2 * ofRule + (isLong ? 1 : 0)
}

/** The next moment after another at which it is a block's turn. */
export function nextTurn(block: number, blocks: number, after: EpochMs, stepMs: DurationMs): EpochMs {
  const step = Math.floor(after / stepMs) + 1
  return (step + ((((block - step) % blocks) + blocks) % blocks)) * stepMs
}
