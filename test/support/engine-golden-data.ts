import { readFileSync } from 'node:fs'

/** The golden table as it stands in `test/golden/detection.json`; times are seconds, null is never. */
export interface GoldenDetection {
  readonly rules: readonly GoldenRule[]
  readonly rows: readonly GoldenRow[]
  readonly background: readonly GoldenBackground[]
  /** Error ratios that meet the limit exactly, and when a rule with `>=` would fire. */
  readonly ties: readonly { readonly rule: number; readonly errorRate: string; readonly wholeWindow: number }[]
  /** The longest outage that the first rule does not see. */
  readonly blips: readonly { readonly errorRate: string; readonly longerThan: number | null }[]
  /** The whole policy at 99.9 %, evaluated every 15 s: from and to of each alert, null where it is still open. */
  readonly named: readonly GoldenStory[]
}

export interface GoldenRule {
  readonly severity: 'page' | 'ticket'
  readonly longSeconds: number
  readonly shortSeconds: number
  readonly burnRate: string
}

export interface GoldenRow {
  readonly objective: string
  readonly windowDays: number
  /** Place in `rules`. */
  readonly rule: number
  readonly errorRate: string
  readonly detection: number | null
  readonly reset: number | null
  readonly tie: boolean
  /** First evaluation at which it fires and at which it stops, by evaluation interval. */
  readonly steps: Readonly<Record<string, readonly number[]>> | null
}

export interface GoldenBackground {
  readonly objective: string
  readonly rule: number
  readonly background: string
  readonly errorRate: string
  readonly detection: number
  readonly reset: number
  readonly steps: Readonly<Record<string, readonly number[]>>
}

export interface GoldenStory {
  readonly name: string
  readonly page: readonly (readonly (number | null)[])[]
  readonly ticket: readonly (readonly (number | null)[])[]
}

/** Reads the table. */
export function goldenDetection(): GoldenDetection {
  return JSON.parse(readFileSync(new URL('../golden/detection.json', import.meta.url), 'utf8'))
}
