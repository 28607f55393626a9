/** How values become heights. */
export interface Scale {
  readonly low: number
  readonly high: number
  readonly isLog: boolean
  /** 0 at the bottom, 1 at the top; what lies beyond stays at the edge. */
  readonly share: (value: number) => number
  readonly holds: (value: number) => boolean
  readonly text: (value: number) => string
}

/** A scale from one value to another, both shown. */
export function linearScale(low: number, high: number, text: (value: number) => string): Scale {
  const top = high > low ? high : low + 1
  return {
    low,
    high: top,
    isLog: false,
    share: (value) => clamp((value - low) / (top - low)),
    holds: (value) => value >= low && value <= top,
    text,
  }
}

/** A scale on which equal steps are equal factors; nothing at all stands at its bottom. */
export function logScale(low: number, high: number, text: (value: number) => string): Scale {
  const [bottom, top] = [Math.log10(low), Math.log10(Math.max(high, low * 10))]
  return {
    low,
    high: 10 ** top,
    isLog: true,
    share: (value) => (value <= low ? 0 : clamp((Math.log10(value) - bottom) / (top - bottom))),
    holds: (value) => value >= low && value <= 10 ** top,
    text,
  }
}

/** A few round values of a scale. */
export function axisTicks({ low, high, isLog, text }: Scale): readonly { value: number; text: string }[] {
  if (isLog) {
    const from = Math.ceil(Math.log10(low) - 1e-9)
    const decades = Array.from(
      { length: Math.floor(Math.log10(high) + 1e-9) - from + 1 },
      (_, index) => 10 ** (from + index),
    )
    const every = Math.ceil(decades.length / 5)
    return decades.filter((_, index) => index % every === 0).map((value) => ({ value, text: text(value) }))
  }
  const step = roundStep((high - low) / 4)
  const first = Math.ceil(low / step - 1e-9)
  const count = Math.floor(high / step + 1e-9) - first + 1
  return Array.from({ length: count }, (_, index) => (first + index) * step).map((value) => ({
    value,
    text: text(value),
  }))
}

/** A few moments between two others, in UTC: times within a day or two, dates beyond. */
export function timeTicks(first: number, last: number): readonly { at: number; text: string }[] {
  const length = last - first
  const step = timeSteps.find((one) => length / one <= 7) ?? timeSteps[timeSteps.length - 1]
  const from = Math.ceil(first / step)
  const count = Math.max(0, Math.floor(last / step) - from + 1)
  return Array.from({ length: count }, (_, index) => {
    const at = (from + index) * step
    const text = new Date(at * 1_000).toISOString()
    return { at, text: step >= 86_400 ? text.slice(5, 10) : text.slice(11, step < 60 ? 19 : 16) }
  }).filter(({ at }) => at - first > length * 0.02 && last - at > length * 0.02)
}

const timeSteps = [
  10, 30, 60, 120, 300, 600, 900, 1_800, 3_600, 7_200, 14_400, 21_600, 43_200, 86_400, 172_800, 432_000, 864_000,
  2_592_000,
]

function roundStep(rough: number): number {
  const size = 10 ** Math.floor(Math.log10(rough))
  return ([1, 2, 5].find((factor) => factor * size >= rough) ?? 10) * size
}

function clamp(share: number): number {
  return Math.min(1, Math.max(0, share))
}
