import { templateLengthMax, templateTextMax } from '../../core/model/limits.ts'
import {
  formatBudget,
  formatBurnRate,
  formatCount,
  formatObjective,
  formatShare,
  formatSpan,
  formatTime,
} from '../figures.ts'
import { oneLine, truncate } from '../plain-text.ts'

/** A text with places for values: `{{slo}} fails in {{scope}} at {{short.burnRate | burn}}`. */
export interface Template {
  /** The text with its values. Throws a `TemplateError` when a value is missing or cannot be formatted. */
  render(view: TemplateView): string
}

/** What can be named in a template: own members, by dotted paths. */
export interface TemplateView {
  readonly [name: string]: TemplateValue
}

/** What a path can lead to. */
export type TemplateValue = string | number | boolean | null | undefined | TemplateView

/** A template that cannot be read or rendered, in words for who wrote it. */
export class TemplateError extends Error {
  override name = 'TemplateError'
}

/** Numbers as built-in texts show them. A value that is not known is shown as such, never as 0. */
const formats: Readonly<Record<string, (value: number | null) => string>> = {
  burn: formatBurnRate,
  share: formatShare,
  budget: formatBudget,
  objective: (value) => (value === null ? unknown : formatObjective(value)),
  count: (value) => (value === null ? unknown : formatCount(value)),
  span: (value) => (value === null ? unknown : formatSpan(value)),
  time: (value) => (value === null ? unknown : formatTime(value)),
}
const unknown = '—'

const pathPattern = /^[A-Za-z_][\w-]*(?:\.[A-Za-z_][\w-]*){0,5}$/

/**
 * Reads a template. It knows values and formats and nothing else: no loop, no condition, no file, no environment, no code, and a
 * time to render that grows with its length alone. Throws a `TemplateError`.
 */
export function parseTemplate(text: string): Template {
  if (text.length > templateLengthMax) throw new TemplateError(`it is longer than ${templateLengthMax} characters`)
  const parts = text.split('{{').map((part, index) => (index === 0 ? literal(part) : placed(part)))
  return { render: (view) => truncate(parts.map((part) => part(view)).join(''), templateTextMax) }
}

type Part = (view: TemplateView) => string

function literal(text: string): Part {
  return () => text
}

function placed(part: string): Part {
  const end = part.indexOf('}}')
  if (end < 0) throw new TemplateError('a {{ has no }}')
  const rest = part.slice(end + 2)
  const [path = '', format, ...more] = part
    .slice(0, end)
    .split('|')
    .map((word) => word.trim())
  if (!pathPattern.test(path)) throw new TemplateError(`${JSON.stringify(path)} is not a path such as short.burnRate`)
  if (more.length > 0) throw new TemplateError(`${path} has several formats`)
  const write = format === undefined ? undefined : formatOf(format)
  return (view) => `${textOf(valueAt(view, path), path, write)}${rest}`
}

function formatOf(name: string): (value: number | null) => string {
  const format = Object.hasOwn(formats, name) ? formats[name] : undefined
  if (format !== undefined) return format
  throw new TemplateError(`there is no format ${JSON.stringify(name)}; there are ${Object.keys(formats).join(', ')}`)
}

function valueAt(view: TemplateView, path: string): TemplateValue {
  let at: TemplateValue = view
  for (const name of path.split('.')) {
    if (typeof at !== 'object' || at === null || !Object.hasOwn(at, name))
      throw new TemplateError(`there is no ${path}`)
    at = at[name]
  }
  return at
}

function textOf(value: TemplateValue, path: string, write: ((value: number | null) => string) | undefined): string {
  if (write !== undefined) {
    if (value === null || value === undefined) return write(null)
    if (typeof value !== 'number') throw new TemplateError(`${path} is no number`)
    return write(value)
  }
  if (value === null || value === undefined) return unknown
  if (typeof value === 'object') throw new TemplateError(`${path} is a group of values`)
  return oneLine(String(value).slice(0, templateTextMax))
}
