import type { ConfigReading } from '../../core/model/config-reading.ts'
import { parseTemplate, TemplateError } from './template.ts'

const template = {
  type: 'string',
  minLength: 1,
  maxLength: 4_000,
  description: 'Text with values: {{slo}} burns at {{short.burnRate | burn}}',
} as const

/** Draft-07 schema of the `text:` of a receiver. */
export const messageTextSchema = {
  description: 'Own words for messages about incidents; what is not given reads as it always does.',
  type: 'object',
  properties: {
    title: template,
    preview: { ...template, description: 'One line: the push notification, the summary.' },
    failing: { ...template, description: 'What fails and how much.' },
    description: template,
    footer: template,
    facts: {
      type: 'array',
      maxItems: 10,
      description: 'Further lines, after the built-in ones.',
      items: {
        type: 'object',
        properties: { name: { type: 'string', minLength: 1, maxLength: 60 }, text: template },
        required: ['name', 'text'],
        additionalProperties: false,
      },
    },
  },
  minProperties: 1,
  additionalProperties: false,
} as const

/** What stands under `text:`, as checked by the schema. */
export interface MessageTextDocument {
  readonly title?: string
  readonly preview?: string
  readonly failing?: string
  readonly description?: string
  readonly footer?: string
  readonly facts?: readonly { readonly name: string; readonly text: string }[]
}

/** Own words of a receiver: templates that were found to be sound as far as that can be told without a message. */
export type MessageTextConfig = MessageTextDocument

const places = ['title', 'preview', 'failing', 'description', 'footer'] as const

/** Reports templates that no message could fill. */
export function messageTextConfig(document: MessageTextDocument, reading: ConfigReading): MessageTextConfig {
  const texts = [
    ...places.map((place) => [`/${place}`, document[place]] as const),
    ...(document.facts ?? []).map(({ text }, index) => [`/facts/${index}/text`, text] as const),
  ]
  for (const [path, text] of texts) {
    const problem = text === undefined ? undefined : problemOf(text)
    if (problem !== undefined) reading.report(path, problem, 'for example {{slo}} or {{short.burnRate | burn}}')
  }
  return document
}

function problemOf(text: string): string | undefined {
  try {
    parseTemplate(text)
    return undefined
  } catch (error) {
    if (error instanceof TemplateError) return `the template cannot be read: ${error.message}`
    throw error
  }
}
