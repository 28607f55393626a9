import type { Indicator } from '../core/model/indicator.ts'
import type { Path, SourceDocument } from '../documents/source-document.ts'
import { indicatorKinds } from './indicators/all-kinds.ts'
import type { IndicatorKind } from './indicators/indicator-kind.ts'
import type { Language } from './languages.ts'
import { type Reading, readKeys } from './read-values.ts'

const kinds = new Map<string, IndicatorKind>(Object.entries(indicatorKinds))

/** The indicator under the path; undefined when it is of no kind or of several, or something is wrong with it. */
export function readIndicator(reading: Reading, path: Path): Indicator | undefined {
  const indicators = readKeys(reading, path).flatMap((key) => kinds.get(key)?.read(reading, [...path, key]) ?? [])
  return indicators.length === 1 ? indicators[0] : undefined
}

/** The languages that the indicator of a document is written in. */
export function languagesOf(document: SourceDocument, path: Path): readonly Language[] {
  const written = document.at(path)
  if (typeof written !== 'object' || written === null) return []
  return Object.keys(written).flatMap((key) => kinds.get(key)?.language ?? [])
}
