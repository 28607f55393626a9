/** An alert rule on a constant error ratio that sets in at once: everything that decides when it fires. */
export interface StepOnset {
  readonly objective: string
  readonly burnRate: string
  readonly longSeconds: number
  readonly shortSeconds: number
  /** The error ratio before and after; 0 where it is not given. */
  readonly background?: string
  readonly errorRate: string
}

/** A number of seconds, exactly. */
interface Seconds {
  readonly over: bigint
  readonly under: bigint
}

/** When a rule fires after the onset and how long after the end it stops, in theory and at evaluations. */
export interface Detection {
  readonly detection: number
  readonly reset: number
  /** The first evaluation at which it holds, and the first after the end at which it does not. */
  atSteps(stepSeconds: number): [number, number]
}

/** Decimals are taken in millionths, so that all of this is whole-number arithmetic. */
const scale = 1_000_000n

/**
 * The closed forms of detection and reset for full windows and constant traffic: with the limit l = burn rate ×
 * (1 − objective) and a ratio that goes from e0 to e, a window of length W is above it once the new ratio fills the
 * share (l − e0) ÷ (e − e0) of it. The long window decides when the rule fires, the short one when it stops.
 * undefined where it never fires: e does not exceed l, and meeting it exactly is not enough.
 */
export function detectionOf(onset: StepOnset): Detection | undefined {
  const limit = millionths(onset.burnRate) * (scale - millionths(onset.objective))
  const before = millionths(onset.background ?? '0') * scale
  const during = millionths(onset.errorRate) * scale
  if (during <= limit) return undefined
  const share = { over: limit - before, under: during - before }
  const detection = { over: BigInt(onset.longSeconds) * share.over, under: share.under }
  const reset = { over: BigInt(onset.shortSeconds) * (share.under - share.over), under: share.under }
  return {
    detection: rounded(detection),
    reset: rounded(reset),
    atSteps: (stepSeconds) => [nextStep(detection, stepSeconds), stepFrom(reset, stepSeconds)],
  }
}

/** Whether the error ratio meets the limit of the rule exactly. */
export function isTie({ objective, burnRate, errorRate }: StepOnset): boolean {
  return millionths(errorRate) * scale === millionths(burnRate) * (scale - millionths(objective))
}

/** The first step strictly after a time: at the time itself the ratio only equals the limit. */
function nextStep({ over, under }: Seconds, stepSeconds: number): number {
  return stepSeconds * (Number(over / (under * BigInt(stepSeconds))) + 1)
}

/** The first step at or after a time. */
function stepFrom({ over, under }: Seconds, stepSeconds: number): number {
  const step = under * BigInt(stepSeconds)
  return stepSeconds * Number((over + step - 1n) / step)
}

/** To the millionth, as the golden table is. */
function rounded({ over, under }: Seconds): number {
  return Number((over * scale * 2n + under) / (under * 2n)) / Number(scale)
}

function millionths(decimal: string): bigint {
  const [whole, fraction = ''] = decimal.split('.')
  return BigInt(whole + fraction.padEnd(6, '0'))
}
