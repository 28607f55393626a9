/** Lengths as Slack draws them; the colours are those of its light and its dark theme. */
export const slackStyle = `
.slack{font:15px/22px Lato,'Helvetica Neue',Arial,sans-serif;padding:12px 16px;background:var(--ground);color:var(--text);max-width:640px}
.slack.light{--ground:#fff;--text:#1d1c1d;--faint:#616061;--line:#dddddd;--link:#1264a3;--at:#e8f5fa;--go:#007a5a;--button:#fff}
.slack.dark{--ground:#1a1d21;--text:#d1d2d3;--faint:#ababad;--line:#565856;--link:#1d9bd1;--at:#1d3d51;--go:#007a5a;--button:#222529}
.slack .who b{font-weight:900}.slack .who small{font-size:12px;color:var(--faint)}
.slack .app{font-size:10px;background:var(--line);border-radius:2px;padding:1px 3px;margin:0 4px}
.slack h3{font-size:18px;line-height:24px;font-weight:900;margin:4px 0 8px}
.slack p{margin:8px 0;white-space:pre-line;overflow-wrap:anywhere}
.slack .fields{display:grid;grid-template-columns:1fr 1fr;gap:8px 16px;margin:8px 0;overflow-wrap:anywhere}
.slack .context{color:var(--faint);font-size:13px;line-height:18px;margin:8px 0;overflow-wrap:anywhere}
.slack hr{border:0;border-top:1px solid var(--line);margin:12px 0}
.slack .button{display:inline-block;border:1px solid var(--line);border-radius:4px;background:var(--button);font-size:13px;line-height:18px;padding:4px 10px;margin:4px 8px 4px 0;font-weight:700}
.slack .primary{background:var(--go);color:#fff;border-color:var(--go)}.slack .danger{background:#e01e5a;color:#fff;border-color:#e01e5a}
.slack .at{background:var(--at);color:var(--link);border-radius:3px;padding:0 2px}
.slack a{color:var(--link);text-decoration:none}
.slack img{display:block;max-width:100%;max-height:360px;border-radius:8px;border:1px solid var(--line);margin:8px 0}
.slack .bar{border-left:4px solid var(--line);border-radius:4px;padding-left:12px}
.slack .thread{margin:12px 0 0 32px;border-left:2px solid var(--line);padding-left:12px}
.slack .preview{font-size:13px;line-height:18px;color:var(--faint);border:1px dashed var(--line);border-radius:4px;padding:4px 8px;margin-bottom:8px}
.dot{display:inline-block;width:.8em;height:.8em;border-radius:50%;vertical-align:-.05em}
@media (max-width:600px){.slack .fields{grid-template-columns:1fr}}
`

/** One message, or the rewritten message and what stands in its thread. */
export interface SlackShown {
  /** Arguments of chat.postMessage or chat.update, as sent. */
  readonly root: unknown
  readonly reply: unknown
  /** Address of the picture in the thread; undefined where there is none. */
  readonly picture: string | undefined
}

/** A message as Slack shows it: enough to judge order, length and weight. Blocks that it does not know fail. */
export function slackHtml({ root, reply, picture }: SlackShown, theme: 'light' | 'dark'): string {
  const push = `<div class="preview">on a locked phone: ${mrkdwn(textAt(root, 'text'))}</div>`
  const isBroadcast = memberOf(reply, 'reply_broadcast') === true
  const replyHead = `<small>in the thread${isBroadcast ? ', and in the channel' : ''}</small>`
  const thread = [
    ...(reply === undefined ? [] : [`${replyHead}${bodyOf(reply)}`]),
    ...(picture === undefined
      ? []
      : [`<small>in the thread, with <code>picture: true</code></small><img src="${picture}">`]),
  ].map((part) => `<div class="thread">${part}</div>`)
  const head = '<div class="who"><b>sloburn</b><span class="app">APP</span><small>3:14 AM</small></div>'
  return `<div class="slack ${theme}">${push}${head}${bodyOf(root)}${thread.join('')}</div>`
}

function bodyOf(message: unknown): string {
  const blocks = listAt(message, 'blocks')
  const attachments = listAt(message, 'attachments').map((attachment) => {
    const colour = textAt(attachment, 'color')
    const style = /^#?\w+$/.test(colour) ? ` style="border-color:${colour}"` : ''
    return `<div class="bar"${style}>${listAt(attachment, 'blocks').map(blockHtml).join('')}</div>`
  })
  const words = blocks.length + attachments.length === 0 ? `<p>${mrkdwn(textAt(message, 'text'))}</p>` : ''
  return `${words}${blocks.map(blockHtml).join('')}${attachments.join('')}`
}

/** One block of Block Kit. */
export function blockHtml(block: unknown): string {
  const type = textAt(block, 'type')
  switch (type) {
    case 'header':
      return `<h3>${textHtml(memberOf(block, 'text'))}</h3>`
    case 'section':
      return sectionHtml(block)
    case 'context':
      return `<div class="context">${listAt(block, 'elements').map(textHtml).join(' ')}</div>`
    case 'actions':
      return `<div>${listAt(block, 'elements').map(buttonHtml).join('')}</div>`
    case 'divider':
      return '<hr>'
    case 'image':
      return `<img src="${plain(textAt(block, 'image_url'))}" alt="${plain(textAt(block, 'alt_text'))}">`
    default:
      throw new Error(`a block of type "${type}" is not drawn`)
  }
}

function sectionHtml(block: unknown): string {
  const words = memberOf(block, 'text')
  const fields = listAt(block, 'fields').map((field) => `<div>${textHtml(field)}</div>`)
  const first = words === undefined ? '' : `<p>${textHtml(words)}</p>`
  return fields.length === 0 ? first : `${first}<div class="fields">${fields.join('')}</div>`
}

function buttonHtml(element: unknown): string {
  const style = textAt(element, 'style')
  return `<span class="button ${plain(style)}">${textHtml(memberOf(element, 'text'))}</span>`
}

function textHtml(part: unknown): string {
  const words = textAt(part, 'text')
  return memberOf(part, 'type') === 'mrkdwn' ? mrkdwn(words) : dots(plain(words))
}

/** Slack's own escapes are those of HTML; what is left in angle brackets is a mention. */
function mrkdwn(words: string): string {
  const marked = words
    .replace(
      /<!(?:subteam\^)?(\w+)>|<@(\w+)>/g,
      (_, group?: string, person?: string) => `\ue000${group ?? person}\ue001`,
    )
    .replace(/[<>]/g, (one) => `&#${one.charCodeAt(0)};`)
    .replace(/\ue000(\w+)\ue001/g, '<span class="at">@$1</span>')
    .replace(/(?<!\u2060)\*([^*\n]+)\*/g, '<b>$1</b>')
    .replace(/\n/g, '<br>')
  return dots(marked)
}

function plain(words: string): string {
  return words.replace(/[&<>"]/g, (one) => `&#${one.charCodeAt(0)};`)
}

const colours: ReadonlyMap<string, string> = new Map([
  ['🔴', '#e01e5a'],
  ['🟠', '#e8912d'],
  ['🟣', '#7c4dff'],
  ['💚', '#2eb67d'],
  ['✅', '#2eb67d'],
])

/** Emoji as coloured dots, because not every machine has a font for them. */
export function dots(html: string): string {
  return html.replace(/🔴|🟠|🟣|💚|✅/gu, (one) => {
    return `<span class="dot" style="background:${colours.get(one) ?? ''}" title="${one}"></span>`
  })
}

function textAt(value: unknown, name: string): string {
  const found = memberOf(value, name)
  return typeof found === 'string' ? found : ''
}

function listAt(value: unknown, name: string): readonly unknown[] {
  const found = memberOf(value, name)
  return Array.isArray(found) ? found : []
}

function memberOf(value: unknown, name: string): unknown {
  if (typeof value !== 'object' || value === null || !Object.hasOwn(value, name)) return undefined
  return Object.getOwnPropertyDescriptor(value, name)?.value
}
