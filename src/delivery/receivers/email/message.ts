import { createHash } from 'node:crypto'
import type { SendMailOptions } from 'nodemailer'
import type { Delivery } from '../../../core/model/delivery.ts'
import { escapedHtml } from '../../../core/model/escaped-html.ts'
import type { Message } from '../../../core/model/notification.ts'
import { burnChart, type Chart } from '../../chart/burn-chart.ts'
import { formatTime } from '../../figures.ts'
import { oneLine, truncate } from '../../plain-text.ts'
import type { Fact, Link, Wording } from '../../words.ts'
import { incidentPage } from '../incident-page.ts'
import type { ReceiverContext } from '../receiver-factory.ts'

/** What a mail says beside its delivery. */
export interface EmailOptions extends Pick<ReceiverContext, 'words' | 'externalUrl'> {
  readonly receiver: string
  readonly from: string
}

/** What nodemailer is given. */
export type EmailMessage = SendMailOptions & { readonly text: string; readonly html: string }

/**
 * The mail of one delivery, to its one recipient. All mails of an episode make one thread: each answers a root that is never
 * sent, and the subject stays the same but for the `Re:` that mail programs ignore, because Gmail opens a new thread when it
 * changes. The id is made from the delivery, so that a repeated mail is recognizably the same one.
 */
export function emailMessage(delivery: Delivery, { receiver, from, words, externalUrl }: EmailOptions): EmailMessage {
  const { id, recipient, episode, createdAt, notification } = delivery
  const domain = from.slice(from.lastIndexOf('@') + 1)
  const root = `<${digest(`${notification.key}\n${episode}`)}@${domain}>`
  const built = words(notification)
  const wording = { ...built, links: [...built.links, ...incidentPage(notification, externalUrl)] }
  const chart = notification.kind === 'incident' ? burnChart(notification) : undefined
  const reason = `Sent to ${recipient} by the receiver "${oneLine(receiver)}" of sloburn.`
  return {
    envelope: { from, to: [recipient] },
    from: { name: 'sloburn', address: from },
    to: { name: '', address: recipient },
    subject: subjectOf(notification, wording),
    date: new Date(createdAt),
    messageId: `<${digest(id)}@${domain}>`,
    inReplyTo: root,
    references: root,
    headers: {
      'Auto-Submitted': 'auto-generated',
      'X-Auto-Response-Suppress': 'All',
      'List-Id': `<sloburn.${domain}>`,
      'X-Sloburn-Alert': truncate(oneLine(notification.key), headerLengthMax),
      'X-Sloburn-Status': notification.status,
      'X-Sloburn-Delivery': digest(id),
    },
    ...(notification.severity === 'page' && notification.status === 'firing' ? { priority: 'high' } : {}),
    xMailer: false,
    disableFileAccess: true,
    disableUrlAccess: true,
    text: textOf(wording, reason),
    html: htmlOf(wording, { accent: accentOf(notification), reason, chart }),
    ...(chart === undefined ? {} : { attachments: [inline(chart)] }),
  }
}

/** Far below the 998 bytes a line of a mail may have. */
const headerLengthMax = 250

function subjectOf(message: Message, { title }: Wording): string {
  if (message.kind !== 'incident') return truncate(oneLine(title), headerLengthMax)
  const { status, key, firedAt, service } = message
  // The same for every revision: Gmail opens a new thread when it changes.
  const subject = `[sloburn] ${oneLine(key)} · ${oneLine(service)} · since ${formatTime(firedAt)}`
  return truncate(status === 'resolved' ? `Re: ${subject}` : subject, headerLengthMax)
}

function textOf({ title, verdict, description, facts, links, footer }: Wording, reason: string): string {
  const nameWidth = Math.max(...facts.map(({ name }) => name.length))
  const paragraphs = [
    title,
    `${verdict.failing} — ${verdict.allowed}`,
    description,
    facts.map(({ name, text }) => `${name.padEnd(nameWidth)}  ${text}`).join('\n'),
    links.map(({ name, url }) => `${name}: ${url}`).join('\n'),
    `${footer}\n${reason}`,
  ]
  return `${paragraphs.filter((paragraph) => paragraph !== '').join('\n\n')}\n`
}

/**
 * Tables, inline styles and 600 pixels, because mail programs know little else; no remote image, no script. Text keeps the
 * program's own colour and greys are mid-tone, so that light and dark mode can both be read.
 */
function htmlOf(wording: Wording, { accent, reason, chart }: HtmlOptions): string {
  const { title, preview, verdict, description, facts, links, footer } = wording
  return `<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<meta name="color-scheme" content="light dark">
<meta name="supported-color-schemes" content="light dark">
<title>${escapedHtml(title)}</title>
</head>
<body style="margin:0;padding:16px">
<div style="display:none;max-height:0;overflow:hidden">${escapedHtml(preview)}</div>
<table role="presentation" align="center" width="600" cellpadding="0" cellspacing="0" style="width:100%;max-width:600px;border-collapse:collapse;font-family:-apple-system,'Segoe UI',Roboto,Helvetica,Arial,sans-serif;font-size:15px;line-height:22px">
<tr><td style="border-left:4px solid ${accent};padding:4px 16px;font-size:18px;line-height:26px;font-weight:bold">${escapedHtml(title)}</td></tr>
<tr><td style="padding:16px 0 8px 0"><strong>${escapedHtml(verdict.failing)}</strong> — ${escapedHtml(verdict.allowed)}</td></tr>
${description === '' ? '' : `<tr><td style="padding:0 0 8px 0">${escapedHtml(description)}</td></tr>\n`}<tr><td style="padding:8px 0"><table role="presentation" width="100%" cellpadding="0" cellspacing="0" style="border-collapse:collapse">
${facts.map(factRow).join('\n')}
</table></td></tr>
${chart === undefined ? '' : `<tr><td style="padding:12px 0">${picture(chart)}</td></tr>\n`}${links.length === 0 ? '' : `<tr><td style="padding:8px 0">${links.map(button).join('')}</td></tr>\n`}<tr><td style="padding:16px 0 0 0;font-size:12px;line-height:18px;color:#767d8a">${escapedHtml(footer)}<br>${escapedHtml(reason)}</td></tr>
</table>
</body>
</html>
`
}

interface HtmlOptions {
  readonly accent: string
  readonly reason: string
  readonly chart: Chart | undefined
}

/** A part of the mail itself: nothing is loaded from elsewhere. */
const chartId = 'burn-rate@sloburn'

function inline({ png }: Chart) {
  return {
    cid: chartId,
    filename: 'burn-rate.png',
    content: Buffer.from(png),
    contentType: 'image/png',
    contentDisposition: 'inline' as const,
  }
}

function picture({ alt, width }: Chart): string {
  const style = `display:block;width:100%;max-width:${width}px;height:auto;border:1px solid #d0d5dd;border-radius:4px`
  return `<img src="cid:${chartId}" alt="${escapedHtml(alt)}" width="${width}" style="${style}">`
}

function factRow({ name, text }: Fact): string {
  const cell = 'padding:6px 12px 6px 0;border-top:1px solid #d0d5dd;vertical-align:top'
  // A trace id is wider than a phone: it may break anywhere.
  const value = `${cell};word-break:break-word;overflow-wrap:anywhere`
  return `<tr><td width="110" style="${cell};color:#767d8a">${escapedHtml(name)}</td><td style="${value}">${escapedHtml(text)}</td></tr>`
}

/** A coloured cell around a plain link: what every mail program draws as a button. */
function button({ name, url }: Link): string {
  const cell = 'display:inline-block;margin:0 8px 8px 0;border-radius:4px;background:#1d4ed8'
  const link = 'display:inline-block;padding:8px 16px;color:#ffffff;text-decoration:none;font-weight:bold'
  return `<span style="${cell}"><a href="${escapedHtml(url)}" style="${link}">${escapedHtml(name)}</a></span>`
}

/** The colours of the titles; violet is for what cannot be seen, grey for what nobody watches any more. */
function accentOf(message: Message): string {
  const { status, severity } = message
  if (message.kind === 'incident' && message.unwatched === true) return '#667085'
  if (status === 'resolved') return '#079455'
  if (message.kind === 'incident' && message.data != null) return '#7a5af8'
  return severity === 'page' ? '#d92d20' : '#dc6803'
}

/** Ids hold whatever a config holds; a Message-ID does not. */
function digest(text: string): string {
  return createHash('sha256').update(text).digest('hex').slice(0, 32)
}
