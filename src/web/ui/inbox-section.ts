import type { EpochMs } from '../../core/model/units.ts'
import type { InboxMessage } from '../../ports/status-view.ts'
import { moment } from './figures.ts'
import { type Html, html } from './html.ts'

/** The messages that went out, as the local receiver took them in. */
export function inboxSection(messages: readonly InboxMessage[], now: EpochMs): Html {
  const items = messages.map((message) => item(message, now))
  const body =
    items.length === 0
      ? html`<p class="none">No message yet.</p>`
      : html`<ul class="scroll" id="messages" tabindex="0" aria-labelledby="inbox">${items}</ul>`
  return html`<section class="inbox" aria-labelledby="inbox"><h2 id="inbox">Inbox of the demo's receiver</h2>${body}</section>`
}

function item({ at, status, severity, title, text }: InboxMessage, now: EpochMs): Html {
  const kind = status === 'resolved' ? 'resolved' : severity
  return html`<li class="message ${kind}">
  <p class="about"><span>${words[kind]}</span>${moment(at, now)}</p>
  <p><b>${title}</b></p>
  <p class="text">${text}</p>
</li>`
}

const words = { page: '▲ page', ticket: '◆ ticket', resolved: '✓ resolved' } as const
