import { type Carried, carried } from './carried.ts'
import { nameOf } from './check-constructs.ts'
import type { ForeignValue } from './foreign-value.ts'
import type { ImportNotes } from './import-notes.ts'

/** The links of an SLO. */
export interface NativeLinks {
  readonly runbook?: Carried | undefined
  readonly dashboard?: Carried | undefined
}

/** An annotation by the name it has without the prefix of its tool. */
export interface Annotation {
  readonly name: string
  readonly value: ForeignValue
}

const linkNames: ReadonlyMap<string, keyof NativeLinks> = new Map([
  ['runbook', 'runbook'],
  ['runbookurl', 'runbook'],
  ['dashboard', 'dashboard'],
  ['dashboardurl', 'dashboard'],
])

/** The links that stand in annotations, the first of each; the other annotations are named as left out. */
export function nativeLinks(annotations: readonly Annotation[], notes: ImportNotes): NativeLinks {
  const links: { runbook?: Carried; dashboard?: Carried } = {}
  for (const { name, value } of annotations) {
    const link = linkNames.get(name.toLowerCase().replaceAll(/[_-]/g, ''))
    const reason = link === undefined ? wordsReason : whyNoLink(value.text ?? '', links[link] !== undefined)
    if (link !== undefined && reason === undefined) links[link] = carried(value.text ?? '', value)
    else notes.warn('IMPORT_LEFT_OUT', value.placeOfKey(), `${nameOf(value)} is left out: ${reason}`)
  }
  return links
}

const wordsReason = 'messages are worded from the figures, the description, the runbook and the dashboard'

function whyNoLink(text: string, isTaken: boolean): string | undefined {
  if (isTaken) return 'an SLO has one link of this kind, and another annotation gave it'
  if (text.includes('{{')) return 'templates in links are not filled in'
  return /^https?:\/\/[^\s/]\S*$/.test(text) ? undefined : 'it is no http or https URL'
}
