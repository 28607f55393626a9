import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { chromium } from 'playwright-core'
import type { Delivery } from '../src/core/model/delivery.ts'
import { emailMessage } from '../src/delivery/receivers/email/message.ts'
import { slackPost, slackReply, slackUpdate } from '../src/delivery/receivers/slack/message.ts'
import { receiverContext } from '../test/support/delivery-context.ts'
import { stories } from '../test/support/delivery-stories.ts'
import { findProgram } from './debian-tools.js'
import { dots, slackHtml, slackStyle } from './slack-look.ts'

// Draws what people get, so that it can be looked at: every story of the golden messages as Slack and as a mail, side by side, in one
// page; and pictures of it as wide as a desk and as a phone, where Chromium is installed.
// npm run messages [-- FOLDER]
const folder = process.argv[2] ?? '.cache/messages'
const widths = { desk: 1_400, phone: 390 } as const
const context = { ...receiverContext, externalUrl: 'https://sloburn.example.com' }
const reference = { channel: 'C0INCIDENTS', ts: '1795228860.000100' }

await mkdir(folder, { recursive: true })
const sections = Object.entries(stories).map(([name, delivery]) => ({ name, html: section(name, delivery) }))
await writeFile(join(folder, 'index.html'), page(sections.map(({ html }) => html)))
console.log(join(folder, 'index.html'))
const executablePath = findProgram('chromium')
if (executablePath === undefined) console.log('no pictures: chromium is not installed')
else await photograph(executablePath)

async function photograph(chromiumPath: string): Promise<void> {
  const browser = await chromium.launch({ executablePath: chromiumPath })
  try {
    for (const [width, pixels] of Object.entries(widths)) {
      const tab = await browser.newPage({ viewport: { width: pixels, height: 600 } })
      for (const { name, html } of sections) {
        await tab.setContent(page([html]))
        const path = join(folder, `${name}-${width}.png`)
        await tab.screenshot({ path, fullPage: true })
        console.log(path)
      }
      await tab.close()
    }
  } finally {
    await browser.close()
  }
}

function page(parts: readonly string[]): string {
  return `<!DOCTYPE html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>Messages of sloburn</title>
<style>${slackStyle}
body{margin:0;padding:16px;background:#eceff3;font:14px/20px sans-serif}
h2{margin:8px 0}section{margin-bottom:32px}
.kinds{display:grid;grid-template-columns:minmax(0,640px) minmax(0,1fr);gap:16px;align-items:start}
.mail{background:#fff}.mail.dark{background:#1f1f1f;color:#eee}.text{white-space:pre-wrap;overflow-wrap:anywhere;background:#fff;padding:12px;font:12px/18px monospace;margin:0}
@media (max-width:600px){body{padding:0}.kinds{grid-template-columns:minmax(0,1fr)}}
</style></head><body>${parts.join('\n')}</body></html>
`
}

function section(name: string, delivery: Delivery): string {
  const mail = mailOf(delivery)
  const shown = {
    ...slackMessages(delivery),
    picture: delivery.notification.severity === 'page' ? mail.picture : undefined,
  }
  return `<section><h2>${name}</h2><div class="kinds">
<div>${slackHtml(shown, 'light')}</div><div><div class="mail">${mail.html}</div></div>
<div>${slackHtml(shown, 'dark')}</div><div><div class="mail dark">${mail.html}</div></div>
<div style="grid-column:1/-1"><pre class="text">${dots(mail.text)}</pre></div>
</div></section>`
}

/** What Slack is sent: the message, or the message rewritten and a reply where somebody is to know. */
function slackMessages(delivery: Delivery): { readonly root: unknown; readonly reply: unknown } {
  const options = { ...context, mention: ['S0ONCALL'], isInteractive: true }
  if (delivery.openReference === null) return { root: slackPost(delivery, 'C0INCIDENTS', options), reply: undefined }
  const { wakes, status } = delivery.notification
  const isTold = wakes || status === 'resolved'
  return {
    root: slackUpdate(delivery, reference, options),
    reply: isTold ? slackReply(delivery, reference, options) : undefined,
  }
}

function mailOf(delivery: Delivery) {
  const options = { ...context, receiver: 'oncall', from: 'sloburn@example.com' }
  const {
    html,
    text,
    subject = '',
    attachments = [],
  } = emailMessage({ ...delivery, recipient: 'oncall@example.com' }, options)
  const [chart] = attachments
  const picture = Buffer.isBuffer(chart?.content)
    ? `data:image/png;base64,${chart.content.toString('base64')}`
    : undefined
  const body = /<body[^>]*>([\s\S]*)<\/body>/.exec(html)?.[1] ?? html
  return {
    picture,
    html: `<div style="padding:16px">${dots(body.replace(/cid:[^"]*/, picture ?? ''))}</div>`,
    text: `Subject: ${subject}\n\n${text}`.replace(/[&<>]/g, (one) => `&#${one.charCodeAt(0)};`),
  }
}
