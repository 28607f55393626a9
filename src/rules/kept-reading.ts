import { deserialize, serialize } from 'node:v8'
import { isError, type Problem } from '../core/model/problem.ts'
import { type NotedProblems, problemCollector } from '../documents/problem-collector.ts'
import { type Answers, noAnswers, rememberingDocument } from '../documents/remembering-document.ts'
import type { SourceDocument } from '../documents/source-document.ts'
import { identified, type ReadDocument } from './read-document.ts'
import { type RuleFile, readDocuments } from './read-documents.ts'
import { documentsOf } from './read-file.ts'
import { sharingEqual } from './sharing-equal.ts'

/**
 * What reading one file gave, as plain data that can be written down. Of the documents it holds what they were asked when they were
 * linked with those of other files, which comes to nothing where all is well: it takes the place of the file until something else is asked.
 */
export interface KeptReading {
  /** Warnings: a file with errors is not kept. */
  readonly problems: readonly Problem[]
  readonly documents: readonly KeptDocument[]
  readonly answers: Answers
}

interface KeptDocument extends Omit<ReadDocument, 'document' | 'problems'> {
  readonly value: unknown
  /** What was noted before it was linked. */
  readonly noted: NotedProblems
}

/** A file that was read, its documents ready to be linked. */
export interface FileReading {
  readonly file: RuleFile
  readonly problems: readonly Problem[]
  readonly documents: readonly ReadDocument[]
  /** How it may be kept; undefined for a file with errors. */
  readonly kept: KeptReading | undefined
  /** Whether it was read from its text, all of it or, for a question nobody asked before, once more. */
  wasParsed(): boolean
}

/** What becomes of a file when it is read from its text: documents that remember from now on what they are asked. */
export function keepableReading(
  file: RuleFile,
  problems: readonly Problem[],
  documents: readonly ReadDocument[],
): FileReading {
  const isWrong = problems.some(isError) || documents.some((read) => read.problems.hasErrors())
  if (isWrong) return { file, problems, documents, kept: undefined, wasParsed: () => true }
  const answers = noAnswers()
  const kept = { problems, documents: documents.map(keptDocument), answers }
  const remembering = rememberingAll(file, kept, (number) => documents[number].document)
  return { file, problems, documents: remembering, kept, wasParsed: () => true }
}

/** A file as it was read before: its text is parsed only where a document is asked what it was not asked then. */
export function readingOf(file: RuleFile, kept: KeptReading): FileReading {
  let parsed: readonly SourceDocument[] | undefined
  const document = (number: number): SourceDocument => {
    parsed ??= documentsOf(readDocuments(file).documents.map(identified)).map((each) => each.document)
    return parsed[number]
  }
  const documents = rememberingAll(file, kept, document)
  return { file, problems: kept.problems, documents, kept, wasParsed: () => parsed !== undefined }
}

/** Documents ready to be linked, each of which `read` gives as it stands in the text. */
function rememberingAll(
  file: RuleFile,
  { documents, answers }: KeptReading,
  read: (number: number) => SourceDocument,
): readonly ReadDocument[] {
  return documents.map(({ value, noted, ...own }, number) => {
    const document = rememberingDocument({ file: file.name, number, value, answers }, () => read(number))
    return { ...own, document, problems: problemCollector(document, own.allowed, noted) }
  })
}

/** Documents in one piece: a few milliseconds' work. */
const documentsPerPiece = 50

/** A reading as bytes, which only what made them can read: the same version of this code in the same version of Node. */
export function* readingPieces({ documents, ...whole }: KeptReading): Iterable<Uint8Array> {
  yield serialize({ ...whole, count: documents.length })
  for (let at = 0; at < documents.length; at += documentsPerPiece) {
    yield serialize(sharingEqual(documents.slice(at, at + documentsPerPiece)))
  }
}

/** The reading that `readingPieces` made these pieces of; undefined where some of them are missing. Throws for what it did not make. */
export function readingFrom([first, ...rest]: readonly Uint8Array[]): KeptReading | undefined {
  if (first === undefined) return undefined
  const { count, ...whole }: Omit<KeptReading, 'documents'> & { readonly count: number } = deserialize(first)
  const documents = rest.flatMap((piece): readonly KeptDocument[] => deserialize(piece))
  return documents.length === count ? { ...whole, documents } : undefined
}

function keptDocument({ document, problems, ...own }: ReadDocument): KeptDocument {
  return { ...own, value: document.value, noted: problems.noted() }
}
