import type { EpochMs } from '../../core/model/units.ts'
import type { SourceStatus } from '../../ports/status-view.ts'
import { agoText, moment } from './figures.ts'
import { type Html, html } from './html.ts'

/** Where samples come from, how far they have come, and what is wrong there. */
export function sourcesSection(sources: readonly SourceStatus[], now: EpochMs): Html {
  const items = sources.map((source) => html`<li>${line(source, now)}</li>`)
  const body =
    items.length === 0 ? html`<p class="none">No source is configured.</p>` : html`<ul class="lines">${items}</ul>`
  return html`<section aria-labelledby="sources"><h2 id="sources">Sources</h2>${body}</section>`
}

function line({ name, kind, region, watermark, problem, historyRead }: SourceStatus, now: EpochMs): Html {
  const where = region === null ? undefined : html` in ${region}`
  const wrong = problem === null ? undefined : html`<span class="problem">✕ ${problem}</span>`
  const seen =
    watermark === null ? 'no sample yet' : html`data to ${moment(watermark, now)} (${agoText(now - watermark)} ago)`
  const reading =
    historyRead === undefined
      ? undefined
      : html`<span class="about">history ${Math.floor(historyRead * 100)} % read</span>`
  return html`<span><b>${name}</b>${where} <span class="about">${kind}</span></span>
  <span class="about">${seen}</span>${reading}${wrong}`
}
