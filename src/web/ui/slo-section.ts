import { globalScope } from '../../core/model/slo.ts'
import type { EpochMs, Ratio } from '../../core/model/units.ts'
import { formatDuration } from '../../core/time/duration.ts'
import type { BurnRateStatus, ScopeStatus, SloStatus } from '../../ports/status-view.ts'
import { conditionBadge, exceededSeverity, scopeBadges, worstCondition } from './condition.ts'
import { budgetText, burnRateText, countText, missing, moment, objectiveText, sliText } from './figures.ts'
import { type Html, html } from './html.ts'

/** One SLO with a table of its scopes. */
export function sloSection(slo: SloStatus, now: EpochMs): Html {
  const windows = alertWindows(slo)
  return html`<article class="slo" id="slo-${slo.name}" aria-labelledby="name-${slo.name}">
<header>
  <div>
    <h3 id="name-${slo.name}">${slo.name}</h3>
    <p class="about">${about(slo)}</p>
  </div>
  ${conditionBadge(worstCondition(slo))}
</header>
<div class="scroll" id="scopes-${slo.name}" tabindex="0" role="region" aria-label="Scopes of ${slo.name}">
<table>
<thead><tr>
  <th scope="col">Scope</th><th scope="col">State</th>
  <th scope="col" class="figure">Good, ${slo.window}</th>
  <th scope="col">Budget left, ${slo.window}</th>
  ${windows.map((window) => html`<th scope="col" class="figure">Burn, ${window}</th>`)}
  <th scope="col" class="figure">Data to</th>
</tr></thead>
<tbody>${slo.scopes.map((scope) => scopeRow(slo, scope, windows, now))}</tbody>
</table>
</div>
</article>`
}

function about({ service, objective, window, description, runbook, dashboard }: SloStatus): Html {
  const links = [link('runbook', runbook), link('dashboard', dashboard)].filter((part) => part !== undefined)
  const told = description === '' ? undefined : html` · ${description}`
  return html`<b>${service}</b> · ${objectiveText(objective)} over ${window}${told}${links}`
}

function link(text: string, url: string | null): Html | undefined {
  return url === null ? undefined : html` · <a href="${url}" rel="noreferrer">${text}</a>`
}

function scopeRow(slo: SloStatus, scope: ScopeStatus, windows: readonly string[], now: EpochMs): Html {
  return html`<tr class="${scope.scope === globalScope ? 'global' : 'region'}">
  <th scope="row">${scope.scope}</th>
  <td data-label="State">${scopeBadges(scope)}</td>
  <td data-label="Good, ${slo.window}" class="figure">${sliFigure(slo, scope)}</td>
  <td data-label="Budget left, ${slo.window}">${budgetFigure(scope)}</td>
  ${windows.map((window) => burnCell(slo, scope, window))}
  <td data-label="Data to" class="figure">${scope.at === null ? missing('not evaluated yet') : moment(scope.at, now)}</td>
</tr>`
}

function sliFigure({ objective }: SloStatus, { sli, counts, coverage, problem }: ScopeStatus): Html {
  if (sli === null || counts === null) return missing(problem ?? whyUnknown(counts))
  const events = `${countText(counts.bad)} bad of ${countText(counts.total)} events`
  const seen = coverage === null ? '' : `; data was seen for ${(coverage * 100).toFixed(1)} % of the window`
  return html`<span title="${events}${seen}">${sliText(sli, objective)}</span>`
}

function budgetFigure({ projected, counts, problem }: ScopeStatus): Html {
  const remaining = projected?.remaining ?? null
  if (remaining === null) return missing(problem ?? whyUnknown(counts))
  return html`<span class="budget">${budgetBar(remaining)}<span class="percent">${budgetText(remaining)}</span></span>`
}

/** Drawn as SVG, because its attributes need no exception from the content security policy. */
function budgetBar(remaining: Ratio): Html {
  const filled = Math.min(100, Math.max(0, remaining * 100))
  const level = remaining <= 0 ? 'spent' : remaining < 0.25 ? 'low' : 'enough'
  return html`<svg class="bar ${level}" viewBox="0 0 100 8" preserveAspectRatio="none" aria-hidden="true"
><rect class="track" width="100" height="8"/><rect class="fill" width="${filled.toFixed(1)}" height="8"/></svg>`
}

function burnCell({ rules }: SloStatus, { burnRates, counts }: ScopeStatus, window: string): Html {
  const reading = burnRates.find(({ windowMs }) => formatDuration(windowMs) === window)
  const label = `Burn, ${window}`
  if (reading === undefined || reading.burnRate === null) {
    const why = reading === undefined ? whyUnknown(counts) : `no events in ${window}`
    return html`<td data-label="${label}" class="figure">${missing(why)}</td>`
  }
  const exceeded = exceededSeverity(reading.windowMs, reading.burnRate, rules)
  const mark = exceeded === undefined ? '' : `over-${exceeded}`
  return html`<td data-label="${label}" class="figure ${mark}"><span title="${eventsOf(reading, exceeded)}">${burnRateText(reading.burnRate)}</span></td>`
}

function eventsOf({ bad, total }: BurnRateStatus, exceeded: string | undefined): string {
  const events = `${countText(bad)} bad of ${countText(total)} events`
  return exceeded === undefined ? events : `${events}; above the threshold of a ${exceeded}`
}

function whyUnknown(counts: ScopeStatus['counts']): string {
  return counts === null ? 'not evaluated yet' : 'no events in the window'
}

/** Every alert window that some scope has, shortest first. */
function alertWindows({ scopes, rules }: SloStatus): readonly string[] {
  const windows = new Set(rules.flatMap(({ longMs, shortMs }) => [longMs, shortMs]))
  for (const { burnRates } of scopes) for (const { windowMs } of burnRates) windows.add(windowMs)
  return [...windows].sort((a, b) => a - b).map(formatDuration)
}
