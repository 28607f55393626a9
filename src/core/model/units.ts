/** Milliseconds since 1970-01-01T00:00:00Z. */
export type EpochMs = number

/** A span of time in milliseconds. */
export type DurationMs = number

/** A fraction, usually in [0, 1]; never a percentage. */
export type Ratio = number

/** Error ratio ÷ error budget; 1 spends the budget in exactly one SLO window. */
export type BurnRate = number

export const secondMs = 1_000
export const minuteMs = 60 * secondMs
export const hourMs = 60 * minuteMs
export const dayMs = 24 * hourMs
