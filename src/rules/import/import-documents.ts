import type { Problem } from '../../core/model/problem.ts'
import type { SourceDocument } from '../../documents/source-document.ts'
import type { Carried } from './carried.ts'
import { foreignFormat, holdsForeign, listedDocuments } from './foreign-format.ts'
import { type ForeignValue, foreignValue } from './foreign-value.ts'
import { type ImportNotes, importNotes } from './import-notes.ts'
import { importOpenslo } from './openslo/import-openslo.ts'
import { importPyrra } from './pyrra/import-pyrra.ts'
import { importSloth, slothWindow } from './sloth/import-sloth.ts'

/** The documents of some files, those of other tools made into native ones. */
export interface ImportedFiles {
  /** For each file its native documents, and the ones made, in their order. */
  readonly files: readonly (readonly ImportedDocument[])[]
  readonly problems: readonly Problem[]
}

/** A document that was native already, or one that was made. */
export type ImportedDocument =
  | { readonly kind: 'native'; readonly document: SourceDocument }
  | { readonly kind: 'made'; readonly root: Carried }

/** Makes native documents of all that is written for Sloth, Pyrra or OpenSLO; all files are needed at once, for references. */
export function importDocuments(files: readonly (readonly SourceDocument[])[]): ImportedFiles {
  const notes = importNotes()
  const entries = files.map((documents) => documents.flatMap((document) => entriesOf(document, notes)))
  const roots = entries.flat().flatMap((entry) => (entry.kind === 'foreign' ? [entry.root] : []))
  const madeOf = importAll(roots, notes)
  return {
    files: entries.map((ofFile) =>
      ofFile.flatMap((entry): readonly ImportedDocument[] => {
        if (entry.kind === 'native') return [entry]
        return (madeOf.get(entry.root) ?? []).map((root) => ({ kind: 'made', root }))
      }),
    ),
    problems: notes.problems,
  }
}

type Entry =
  | { readonly kind: 'native'; readonly document: SourceDocument }
  | { readonly kind: 'foreign'; readonly root: ForeignValue }

/** A document as it is, or the documents of other tools that it holds. */
function entriesOf(document: SourceDocument, notes: ImportNotes): readonly Entry[] {
  if (!holdsForeign(document)) return [{ kind: 'native', document }]
  const whole = foreignValue(document, [])
  if (listedDocuments(document.value).length === 0) return [{ kind: 'foreign', root: whole }]
  const items = Array.isArray(document.value) ? whole.items() : whole.at('items').items()
  return items.flatMap((root): readonly Entry[] => {
    if (foreignFormat(root.value) !== undefined) return [{ kind: 'foreign', root }]
    const message = `this item of the list is left out: it is no document of Sloth, Pyrra or OpenSLO`
    notes.warn('IMPORT_LEFT_OUT', root, message)
    return []
  })
}

function importAll(roots: readonly ForeignValue[], notes: ImportNotes): ReadonlyMap<ForeignValue, readonly Carried[]> {
  const ofFormat = (format: string) => roots.filter(({ value }) => foreignFormat(value) === format)
  const policies = new Set<string>()
  const sloth = ofFormat('Sloth')
  if (sloth.length > 0) noteSlothWindow(sloth[0], notes)
  return new Map<ForeignValue, readonly Carried[]>([
    ...sloth.map((root) => [root, importSloth(root, notes)] as const),
    ...ofFormat('Pyrra').map((root) => [root, importPyrra(root, notes, policies)] as const),
    ...importOpenslo(ofFormat('OpenSLO'), notes),
  ])
}

/** Said once, because it is one setting for all files. */
function noteSlothWindow(root: ForeignValue, notes: ImportNotes): void {
  const message = `files of Sloth do not say their window: it is taken to be ${slothWindow}, as Sloth does`
  const hint = 'where Sloth is started with --default-slo-period=28d, convert the files and write window: 28d'
  notes.warn('IMPORT_ASSUMED', root, message, hint)
}
