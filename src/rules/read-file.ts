import type { SourceDocument } from '../documents/source-document.ts'
import type { Languages } from './languages.ts'
import { type IdentifiedDocument, type ReadDocument, readDocument } from './read-document.ts'
import type { DocumentKind } from './schema/rule-schema.ts'
import { withDefaults } from './with-defaults.ts'

/** A document of a known kind, an SLO as it reads with the defaults of its file. */
export interface FileDocument {
  readonly kind: DocumentKind
  readonly document: SourceDocument
}

/** The documents of one file whose kind is known, in their order. */
export function documentsOf(identities: readonly IdentifiedDocument[]): FileDocument[] {
  const defaults = firstDefaults(identities)
  return identities.flatMap(({ document, kind }) => {
    if (kind === undefined) return []
    const isMerged = kind === 'SLO' && defaults !== undefined
    return [{ kind, document: isMerged ? withDefaults(document, defaults) : document }]
  })
}

/** Reads those of one file, each by itself. */
export function readFile(identities: readonly IdentifiedDocument[], languages: Languages): ReadDocument[] {
  const defaults = firstDefaults(identities)
  const hasSlos = identities.some(({ kind }) => kind === 'SLO')
  return documentsOf(identities).map(({ document, kind }) => {
    const read = readDocument(document, kind, languages)
    if (kind === 'Defaults') reportUseless(read, document === defaults, hasSlos)
    return read
  })
}

function firstDefaults(identities: readonly IdentifiedDocument[]): SourceDocument | undefined {
  return identities.find(({ kind }) => kind === 'Defaults')?.document
}

function reportUseless({ problems }: ReadDocument, isFirst: boolean, hasSlos: boolean): void {
  const path = ['kind']
  if (!isFirst) {
    const message = 'this file has Defaults already'
    problems.report({ code: 'RULE_DEFAULTS', path, message, hint: 'put both into one document' })
  } else if (!hasSlos) {
    const message = 'there is no SLO in this file, and Defaults do not reach into others'
    problems.report({ code: 'RULE_DEFAULTS', path, message, hint: 'put it into the file that holds the SLOs' })
  }
}
