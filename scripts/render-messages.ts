import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { chromium } from 'playwright-core'
import { emailMessage } from '../src/delivery/receivers/email/message.ts'
import { receiverContext } from '../test/support/delivery-context.ts'
import { stories } from '../test/support/delivery-stories.ts'
import { findProgram } from './debian-tools.js'

// Draws the golden Slack and e-mail messages as pictures, so that they can be looked at:
// node scripts/render-messages.ts FOLDER
const folder = process.argv[2]
if (folder === undefined) throw new Error('give a folder for the pictures')
const executablePath = findProgram('chromium')
if (executablePath === undefined) throw new Error('chromium is not installed')
/** Most are read on one first, at night. */
const phoneWidth = 390
await mkdir(folder, { recursive: true })
const browser = await chromium.launch({ executablePath })
try {
  for (const [story, delivery] of Object.entries(stories)) {
    const slack: unknown = JSON.parse(await readFile(`test/golden/delivery/${story}/slack.json`, 'utf8'))
    await draw(`${story}-slack`, slackPage(slack), 700)
    await draw(`${story}-slack-phone`, slackPage(slack).replace('1fr 1fr', '1fr'), phoneWidth)
    const options = { ...receiverContext, receiver: 'oncall', from: 'sloburn@example.com' }
    const { html, attachments = [] } = emailMessage({ ...delivery, recipient: 'oncall@example.com' }, options)
    const [chart] = attachments
    const picture = Buffer.isBuffer(chart?.content) ? chart.content.toString('base64') : ''
    const mail = html.replace(/cid:[^"]*/, `data:image/png;base64,${picture}`)
    await draw(`${story}-email`, mail, 660)
    await draw(`${story}-email-phone`, mail, phoneWidth)
  }
} finally {
  await browser.close()
}

async function draw(name: string, html: string, width: number): Promise<void> {
  const page = await browser.newPage({ viewport: { width, height: 300 } })
  await page.setContent(html)
  await writeFile(join(folder ?? '.', `${name}.png`), await page.screenshot({ fullPage: true }))
  await page.close()
}

/** About what Slack shows: enough to judge order, length and weight. */
function slackPage(message: unknown): string {
  const parts = [member(message, 'update') ?? message, member(message, 'reply')].filter((part) => part !== undefined)
  const shown = parts.map((part, index) => {
    const blocks = member(part, 'blocks')
    const body = Array.isArray(blocks) ? blocks.map(block).join('') : `<p>${mrkdwn(textOf(part, 'text'))}</p>`
    const broadcast = member(part, 'reply_broadcast') === true ? ' (also sent to the channel)' : ''
    const head = index === 0 ? '<b>sloburn</b> <small>APP 03:41</small>' : `<small>in the thread${broadcast}</small>`
    return `<div class="m${index}">${head}${body}</div>`
  })
  return `<style>body{font:15px/22px Lato,Arial,sans-serif;color:#1d1c1d;margin:16px}h3{font-size:18px;margin:6px 0}
.f{display:grid;grid-template-columns:1fr 1fr;gap:8px 16px;margin:8px 0}.c{color:#616061;font-size:13px}
p{margin:8px 0;white-space:pre-line}.b{display:inline-block;border:1px solid #bbb;border-radius:4px;padding:3px 12px;margin:4px 8px 4px 0;font-weight:bold}
.primary{background:#007a5a;color:#fff}.m1{margin:12px 0 0 32px;border-left:3px solid #ddd;padding-left:12px}</style>${shown.join('')}`
}

function block(part: unknown): string {
  const type = member(part, 'type')
  if (type === 'header') return `<h3>${text(member(part, 'text'))}</h3>`
  if (type === 'actions') return `<div>${list(part, 'elements').map(button).join('')}</div>`
  if (type === 'context') return `<div class="c">${list(part, 'elements').map(text).join(' ')}</div>`
  const fields = list(part, 'fields')
  if (fields.length > 0) return `<div class="f">${fields.map((field) => `<div>${text(field)}</div>`).join('')}</div>`
  return `<p>${text(member(part, 'text'))}</p>`
}

function button(part: unknown): string {
  return `<span class="b ${textOf(part, 'style')}">${text(member(part, 'text'))}</span>`
}

function text(part: unknown): string {
  const words = textOf(part, 'text')
  return member(part, 'type') === 'mrkdwn' ? mrkdwn(words) : words.replace(/[&<>]/g, (one) => `&#${one.charCodeAt(0)};`)
}

/** Slack's own escapes are those of HTML; what is left in angle brackets is a mention. */
function mrkdwn(words: string): string {
  return words
    .replace(/<!subteam\^(\w+)>/g, '<span style="background:#e8f5fa;color:#1264a3">@$1</span>')
    .replace(/(?<!\u2060)\*([^*\n]+)\*/g, '<b>$1</b>')
    .replace(/\n/g, '<br>')
}

function textOf(value: unknown, name: string): string {
  const found = member(value, name)
  return typeof found === 'string' ? found : ''
}

function list(value: unknown, name: string): readonly unknown[] {
  const found = member(value, name)
  return Array.isArray(found) ? found : []
}

function member(value: unknown, name: string): unknown {
  if (typeof value !== 'object' || value === null || !Object.hasOwn(value, name)) return undefined
  return Object.getOwnPropertyDescriptor(value, name)?.value
}
