import { type Child, h } from './dom.ts'
import { figureTile } from './figure-tile.ts'
import {
  amountText,
  budgetText,
  burnRateText,
  durationSeconds,
  rateText,
  shareText,
  sliText,
  spanText,
  unknown,
  windowText,
} from './figures.ts'
import type { ScopeJson, SloJson, WindowReadingJson } from './slo-answers.ts'

/**
 * The figures of one scope: good, budget, burn, how long it lasts, events; each says its window. Of a latency SLO, good is
 * what took no longer than `below`.
 */
export function sloTiles(slo: SloJson, scope: ScopeJson, below: string | null): Child {
  const { objective, rules } = slo
  const window = windowText(slo.window)
  const { sli, projected, coverage, total, bad, detail, burnRates, problem } = scope
  const why = problem ?? (total === null ? 'not evaluated yet' : 'no events in the window')
  const remaining = projected?.remaining ?? null
  const seen = coverage === null ? '' : `, ${(coverage * 100).toFixed(coverage < 0.995 ? 1 : 0)} % seen`
  const allowed = detail?.budget.allowed ?? null
  const left =
    allowed === null || bad === null || slo.unit === 'points'
      ? unknown
      : `${amountText(Math.trunc(allowed - bad), slo)} of ${amountText(Math.trunc(allowed), slo)}${slo.secondsEach === null ? ' bad events' : ''}`
  const shortest = burnRates[0]
  const long = rules.map((rule) => rule.long).find((length) => burnRates.some((one) => one.window === length))
  const burn = burnRates.find((one) => one.window === long)
  return h(
    'dl',
    { class: 'tiles' },
    figureTile(
      below === null ? `Good, ${window}` : `Within ${below}, ${window}`,
      sliText(sli, detail?.objective ?? objective),
      sli === null ? why : `${badOf(slo, scope)}${seen}`,
    ),
    figureTile(
      `Budget left, ${window}`,
      budgetText(remaining),
      remaining === null ? why : left,
      remaining !== null && remaining <= 0 ? 'bad' : '',
    ),
    figureTile(
      `Burn now, ${burn?.window ?? unknown}`,
      burnRateText(burn?.burnRate ?? null),
      boundsText(scope, burn?.window) ?? (isUnseen(scope, burn) ? 'no data' : badOf(slo, burn)),
    ),
    exhaustionTile(scope, window),
    eventsTile(slo, scope, shortest),
  )
}

/** `12 bad of 1,204`; of points, whose number means nothing, of what they are made. */
function badOf(
  slo: SloJson,
  counts: { readonly bad: number | null; readonly total: number | null } | undefined,
): string {
  if (slo.unit === 'points') return 'by its members'
  return `${amountText(counts?.bad ?? null, slo)} bad of ${amountText(counts?.total ?? null, slo)}`
}

/** How many events come in a second, over the shortest window; of what judges time, how much of that was bad. */
function eventsTile(slo: SloJson, scope: ScopeJson, reading: WindowReadingJson | undefined): Child {
  if (slo.secondsEach !== null || slo.unit === 'points') {
    const title = `Bad, ${reading?.window ?? unknown}`
    return figureTile(
      title,
      shareText(reading?.errorRatio ?? null),
      reading === undefined ? 'not evaluated yet' : badOf(slo, reading),
    )
  }
  if (reading === undefined) return figureTile('Events a second', unknown, 'not evaluated yet')
  const { window, total, bad } = reading
  if (isUnseen(scope, reading)) return figureTile(`Events a second, ${window}`, unknown, 'no data')
  const seconds = durationSeconds(window)
  const rate = seconds === undefined ? unknown : rateText(total / seconds)
  return figureTile(`Events a second, ${window}`, rate, badOf(slo, { bad, total }))
}

/** Whether a window holds no event because nobody could see any: no data is not no traffic. */
function isUnseen({ state }: ScopeJson, reading: WindowReadingJson | undefined): boolean {
  return reading?.total === 0 && (state === 'no-data' || state === 'stale')
}

/** Between what the burn rate lies while a part of the data cannot be seen. */
function boundsText({ detail }: ScopeJson, window: string | undefined): string | undefined {
  const bounds = detail?.bounds.find((one) => one.window === window)
  if (bounds === undefined || bounds.low === bounds.high) return undefined
  return `between ${burnRateText(bounds.low)} and ${burnRateText(bounds.high)}: a part is not seen`
}

function exhaustionTile({ detail, projected }: ScopeJson, window: string): Child {
  const forecast = detail?.forecast
  if (forecast === undefined) return figureTile('Lasts', unknown, 'not evaluated yet')
  const { basis, secondsToExhaustion } = forecast
  const { low, expected, high } = secondsToExhaustion
  if ((projected?.remaining ?? 1) <= 0) return figureTile('Lasts', 'spent', `the budget of ${window} is gone`, 'bad')
  if (!(basis.total > 0)) return figureTile('Lasts', unknown, `no events in the last ${spanText(basis.overSeconds)}`)
  // An engine that began lately has not seen as much as it would look back.
  const over = spanText(Math.min(basis.overSeconds, detail?.budget.seenSeconds ?? basis.overSeconds))
  const goesOn = `if it goes on like the ${over} last seen`
  if (expected !== null) {
    const range = `${low === null ? '' : spanText(low)} to ${high === null ? `beyond ${window}` : spanText(high)}`
    return figureTile('Lasts', spanText(expected), `${range}, ${goesOn}`)
  }
  const earliest = low === null ? '' : `${spanText(low)} at the earliest, `
  return figureTile('Lasts', `> ${window}`, `${earliest}${goesOn}`)
}
