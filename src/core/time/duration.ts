import type { DurationMs } from '../model/units.ts'

const unitMs = { y: 31_536_000_000, w: 604_800_000, d: 86_400_000, h: 3_600_000, m: 60_000, s: 1_000, ms: 1 } as const
const pattern = /^(?:(\d+)y)?(?:(\d+)w)?(?:(\d+)d)?(?:(\d+)h)?(?:(\d+)m)?(?:(\d+)s)?(?:(\d+)ms)?$/

/** Reads a Prometheus duration (`15s`, `1h30m`, `30d`; also `0`); undefined when it is not one. */
export function parseDuration(text: string): DurationMs | undefined {
  if (text === '0') return 0
  const match = pattern.exec(text)
  if (match === null || text === '') return undefined
  const total = Object.values(unitMs).reduce((sum, ms, index) => sum + Number(match[index + 1] ?? 0) * ms, 0)
  return Number.isSafeInteger(total) ? total : undefined
}

/** Writes a duration with the units SREs name windows by: 30d stays `30d`, never `4w2d`. */
export function formatDuration(duration: DurationMs): string {
  if (duration === 0) return '0s'
  let rest = Math.abs(duration)
  let text = duration < 0 ? '-' : ''
  for (const unit of ['d', 'h', 'm', 's', 'ms'] as const) {
    const count = Math.floor(rest / unitMs[unit])
    if (count > 0) text += `${count}${unit}`
    rest -= count * unitMs[unit]
  }
  return text
}
