import type { Place } from '../core/model/problem.ts'
import { type Path, type SourceDocument, valueAt } from './source-document.ts'

/** What documents of one file answered of how and where things are written, by document and question: plain data. */
export interface Answers {
  readonly texts: Map<string, Answer<string | undefined>>
  readonly truths: Map<string, Answer<boolean>>
  readonly places: Map<string, Answer<Place>>
}

interface Answer<T> {
  readonly given: T
}

/** No answers yet. */
export function noAnswers(): Answers {
  return { texts: new Map(), truths: new Map(), places: new Map() }
}

/** Which document of a file it is that remembers, and where its answers are kept. */
export interface Remembering {
  readonly file: string
  /** Its number in the file. */
  readonly number: number
  readonly value: unknown
  readonly answers: Answers
}

/**
 * A document that gives again what it answered before, and reads itself only for a question that it was not asked yet.
 * What a document answers never changes, so that nobody can tell it from the one it stands for.
 */
export function rememberingDocument(own: Remembering, read: () => SourceDocument): SourceDocument {
  const { file, number, value, answers } = own
  const keyOf = (question: string, path: Path, offset = 0): string => JSON.stringify([number, question, offset, path])
  const placeAt = (question: string, path: Path, offset: number, find: (document: SourceDocument) => Place): Place =>
    remembered(answers.places, keyOf(question, path, offset), () => find(read()))
  return {
    file,
    value,
    at: (path) => valueAt(value, path),
    textAt: (path) => remembered(answers.texts, keyOf('textAt', path), () => read().textAt(path)),
    isDefault: (path) => remembered(answers.truths, keyOf('isDefault', path), () => read().isDefault(path)),
    isFollowedByComment: (path) =>
      remembered(answers.truths, keyOf('isFollowedByComment', path), () => read().isFollowedByComment(path)),
    placeOf: (path) => placeAt('placeOf', path, 0, (document) => document.placeOf(path)),
    placeOfKey: (path) => placeAt('placeOfKey', path, 0, (document) => document.placeOfKey(path)),
    placeInText: (path, offset) => placeAt('placeInText', path, offset, (found) => found.placeInText(path, offset)),
    placeInKey: (path, offset) => placeAt('placeInKey', path, offset, (found) => found.placeInKey(path, offset)),
  }
}

function remembered<T>(answers: Map<string, Answer<T>>, key: string, find: () => T): T {
  const known = answers.get(key) ?? { given: find() }
  answers.set(key, known)
  return known.given
}
