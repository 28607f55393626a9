import type { DataCause, Episode, FiredRule } from '../../core/model/alert.ts'
import type { EpochMs } from '../../core/model/units.ts'
import { formatDuration } from '../../core/time/duration.ts'
import { conditionBadge } from './condition.ts'
import { agoText, burnRateText, moment } from './figures.ts'
import { type Html, html } from './html.ts'

/** What fires now, pages first, the newest first among equals. */
export function activeAlertsSection(active: readonly Episode[], now: EpochMs): Html {
  const ordered = [...active].sort((a, b) => order(a) - order(b) || b.firedAt - a.firedAt)
  const body =
    ordered.length === 0
      ? html`<p class="none">Nothing fires.</p>`
      : html`<ul>${ordered.map((one) => card(one, now))}</ul>`
  return html`<section class="active" aria-labelledby="active"><h2 id="active">Active alerts</h2>${body}</section>`
}

/** What was resolved lately, the newest first. */
export function resolvedAlertsSection(resolved: readonly Episode[], now: EpochMs): Html {
  const items = resolved.map((episode) => html`<li>${resolvedLine(episode, now)}</li>`)
  const body = items.length === 0 ? html`<p class="none">None yet.</p>` : html`<ul class="lines">${items}</ul>`
  return html`<section aria-labelledby="resolved"><h2 id="resolved">Recently resolved</h2>${body}</section>`
}

function order({ id }: Episode): number {
  return id.severity === 'page' ? 0 : 1
}

function card({ id, service, firedAt, rule }: Episode, now: EpochMs): Html {
  return html`<li class="card ${id.severity}">
  <p>${conditionBadge(id.severity)} <a href="#slo-${id.slo}"><b>${id.slo}</b></a> in <b>${id.scope}</b> <span class="about">${service}</span></p>
  <p class="about">since ${moment(firedAt, now)} (${agoText(now - firedAt)}) · ${why(id.cause, rule)}</p>
</li>`
}

function why(cause: DataCause | undefined, rule: FiredRule): Html {
  if (cause === 'blind') return html`its data cannot be seen`
  if (cause === 'traffic-gone') return html`its traffic is gone, against past weeks`
  const long = formatDuration(rule.longMs)
  const short = formatDuration(rule.shortMs)
  return html`opened at burn
  ${burnRateText(rule.longBurnRate)} over ${long} and ${burnRateText(rule.shortBurnRate)} over ${short},
  both above ${burnRateText(rule.burnRate)}`
}

function resolvedLine({ id, firedAt, resolvedAt }: Episode, now: EpochMs): Html {
  const end = resolvedAt ?? now
  return html`<span><b>${id.slo}</b> in ${id.scope} <span class="about">${id.severity}</span></span>
  <span class="about">${moment(firedAt, now)} to ${moment(end, now)} (${agoText(end - firedAt)})</span>`
}
