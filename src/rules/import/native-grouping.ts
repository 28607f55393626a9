import { type Carried, carried, carriedList, carriedMapping } from './carried.ts'
import type { ForeignValue } from './foreign-value.ts'
import type { ImportNotes } from './import-notes.ts'
import type { SloParts } from './slo-document.ts'

/** The series label of which every value has a budget of its own anyway. */
const regionLabel = 'region'

/** What an SLO says that is grouped by these labels. */
export function nativeGrouping(
  labels: readonly string[],
  from: ForeignValue,
  notes: ImportNotes,
): Pick<SloParts, 'groupBy' | 'regions'> {
  const others = [...new Set(labels)].filter((label) => label !== regionLabel)
  const groupBy =
    others.length === 0
      ? undefined
      : carriedList(
          from,
          others.map((label) => carried(label, from)),
        )
  return { groupBy, regions: others.length < labels.length ? regionsAlone(from, notes) : undefined }
}

function regionsAlone(from: ForeignValue, notes: ImportNotes): Carried {
  const message = 'grouping by "region" becomes one budget for each region and none for all of them together'
  notes.warn('IMPORT_CHANGED', from, message)
  return carriedMapping(from, { global: carried('none', from) })
}
