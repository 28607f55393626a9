import type { Message } from '../../../core/model/notification.ts'
import { truncate } from '../../plain-text.ts'
import type { Fact, Link, Wording } from '../../words.ts'
import { inert } from './inert.ts'

/** Slack refuses the whole message when one text is longer, so we cut first. Lengths in characters. */
const lengthMax = { header: 150, section: 3_000, field: 2_000, context: 2_000, button: 75 } as const

/** Fields of one section; Slack takes no more. */
const fieldsMax = 10

/** What fits into half the width of a message; anything longer has a line of its own. */
const fieldTextMax = 160

/** The name of the button by which somebody says that they look after an incident. */
export const acknowledgeAction = 'acknowledge'

/** What is shown beside the words. */
export interface BlockOptions {
  /** Mentions as Slack writes them; empty where nobody is mentioned. */
  readonly mentions: string
  /** Buttons can answer us. */
  readonly isInteractive: boolean
}

/** A page in full, in the order in which one asks; a ticket as one compact section. */
export function slackBlocks(message: Message, wording: Wording, options: BlockOptions) {
  const { verdict, description, footer } = wording
  const isCompact = message.severity === 'ticket' && message.kind === 'incident'
  const said = `*${inert(verdict.failing, 1_000)}* — ${inert(verdict.allowed, 1_000)}`
  const body = isCompact
    ? [section(`*${inert(wording.title, 300)}*\n${said}\n${compactFacts(wording.facts)}`)]
    : [
        { type: 'header', text: plain(wording.title, lengthMax.header) },
        section(options.mentions === '' ? said : `${options.mentions}\n${said}`),
        ...(description === '' ? [] : [{ type: 'section', text: plain(description, lengthMax.section) }]),
        ...factBlocks(wording.facts),
      ]
  const buttons = [...wording.links.map(linkButton), ...acknowledgeButton(message, options)]
  return [
    ...body,
    ...(buttons.length === 0 ? [] : [{ type: 'actions', elements: buttons }]),
    ...(footer === '' ? [] : [{ type: 'context', elements: [plain(footer, lengthMax.context)] }]),
  ]
}

/** Short facts side by side, long ones across, in the order they have. */
function factBlocks(facts: readonly Fact[]) {
  const blocks: object[] = []
  let fields: object[] = []
  const flush = (): void => {
    if (fields.length > 0) blocks.push({ type: 'section', fields })
    fields = []
  }
  for (const fact of facts) {
    if (fact.text.length > fieldTextMax || wideFacts.has(fact.name)) {
      flush()
      blocks.push(section(headed(fact, lengthMax.section)))
    } else {
      fields.push(mrkdwn(headed(fact, lengthMax.field)))
      if (fields.length === fieldsMax) flush()
    }
  }
  flush()
  return blocks.slice(0, factBlocksMax)
}

/** Slack takes fifty blocks in all; the rest of a message has six at most. */
const factBlocksMax = 44

const wideFacts: ReadonlySet<string> = new Set([
  'Where',
  'Last 6h',
  'What changed',
  'Also affected',
  'Example traces',
  'Evidence',
])

/** What a ticket says in one line each. */
const compactNames: ReadonlySet<string> = new Set([
  'Since',
  'Alert since',
  'When',
  'Where',
  'Data',
  'Error budget',
  'What changed',
  'Acknowledged',
])

function compactFacts(facts: readonly Fact[]): string {
  const lines = facts
    .filter(({ name }) => compactNames.has(name))
    .map(({ name, text }) => `${inert(name, 60)}: ${inert(text, 300)}`)
  return lines.join('\n')
}

function headed({ name, text }: Fact, charactersMax: number): string {
  const heading = `*${inert(name, 100)}*\n`
  return `${heading}${inert(text, charactersMax - heading.length)}`
}

/** Nothing in it is read as formatting, mention or emoji: the place for what others wrote. */
function plain(text: string, charactersMax: number) {
  return { type: 'plain_text', text: truncate(text, charactersMax), emoji: false } as const
}

function mrkdwn(text: string) {
  return { type: 'mrkdwn', text, verbatim: true } as const
}

function section(text: string) {
  return { type: 'section', text: mrkdwn(text) } as const
}

function linkButton({ name, url }: Link) {
  const style = name === 'Runbook' ? { style: 'primary' as const } : {}
  return { type: 'button', action_id: name.toLowerCase(), text: plain(name, lengthMax.button), url, ...style } as const
}

function acknowledgeButton(message: Message, { isInteractive }: BlockOptions) {
  if (!isInteractive || message.kind !== 'incident' || message.status === 'resolved') return []
  if (message.acknowledgement !== null) return []
  const text = plain('Acknowledge', lengthMax.button)
  return [{ type: 'button', action_id: acknowledgeAction, text, value: message.incidentId } as const]
}
