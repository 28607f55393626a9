import { labelNameSchema } from '../schema/scalar-schemas.ts'
import { type Carried, carried } from './carried.ts'
import { nameOf } from './check-constructs.ts'
import type { ForeignValue } from './foreign-value.ts'
import type { ImportNotes } from './import-notes.ts'

const possibleName = new RegExp(labelNameSchema.pattern, 'u')

/** Labels of several mappings, the last one winning; undefined when there are none. What has to change is noted. */
export function nativeLabels(sources: readonly ForeignValue[], notes: ImportNotes): Carried | undefined {
  // A Map, because a label may be called __proto__.
  const labels = new Map<string, Carried>()
  for (const source of sources) {
    for (const [name, value] of source.entries()) {
      const label = nativeLabelName(name, value, notes)
      const text = labelText(value, notes)
      if (text !== undefined) labels.set(label, carried(text, value))
    }
  }
  if (labels.size === 0) return undefined
  const { origin } = sources.find((source) => source.entries().length > 0) ?? sources[0]
  return { content: labels, origin }
}

function nativeLabelName(name: string, value: ForeignValue, notes: ImportNotes): string {
  if (possibleName.test(name)) return name
  const label = name.replaceAll(/[^a-zA-Z0-9_]/g, '_').replace(/^(?=\d)/, '_')
  notes.warn('IMPORT_RENAMED', value.placeOfKey(), `the label "${name}" becomes "${label}", as Prometheus needs it`)
  return label
}

/** OpenSLO lets a label have several values. */
function labelText(value: ForeignValue, notes: ImportNotes): string | undefined {
  if (!Array.isArray(value.value)) return value.text
  const texts = value.items().flatMap(({ text }) => text ?? [])
  if (texts.length > 1) {
    const joined = texts.join(',')
    notes.warn('IMPORT_CHANGED', value, `${nameOf(value)} has several values, and becomes the one value "${joined}"`)
  }
  return texts.length === 0 ? undefined : texts.join(',')
}
