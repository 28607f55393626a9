import type { ScopeJson, SloJson } from './answers.ts'
import { type Child, h } from './dom.ts'
import { figureTile } from './figure-tile.ts'
import { budgetText, burnRateText, countText, sliText, spanText, unknown, windowText } from './figures.ts'

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
    allowed === null || bad === null
      ? unknown
      : `${countText(Math.trunc(allowed - bad))} of ${countText(Math.trunc(allowed))} bad events`
  const shortest = burnRates[0]
  const long = rules.map((rule) => rule.long).find((length) => burnRates.some((one) => one.window === length))
  const burn = burnRates.find((one) => one.window === long)
  return h(
    'dl',
    { class: 'tiles' },
    figureTile(
      below === null ? `Good, ${window}` : `Within ${below}, ${window}`,
      sliText(sli, detail?.objective ?? objective),
      sli === null ? why : `${countText(bad)} bad of ${countText(total)}${seen}`,
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
      boundsText(scope, burn?.window) ?? `${countText(burn?.bad ?? null)} bad of ${countText(burn?.total ?? null)}`,
    ),
    exhaustionTile(scope, window),
    figureTile(
      `Events, ${shortest?.window ?? unknown}`,
      shortest === undefined ? unknown : countText(shortest.total),
      shortest === undefined ? 'not evaluated yet' : `${countText(shortest.bad)} bad`,
    ),
  )
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
