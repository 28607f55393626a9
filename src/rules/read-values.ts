import { type Labels, labelsOf } from '../core/model/labels.ts'
import type { DurationMs } from '../core/model/units.ts'
import { parseDuration } from '../core/time/duration.ts'
import type { ProblemCollector } from '../documents/problem-collector.ts'
import { type Path, readablePath, type SourceDocument } from '../documents/source-document.ts'
import type { Languages } from './languages.ts'
import { durationSchema } from './schema/scalar-schemas.ts'

/**
 * A document that is being read, and the problems found so far. Readers answer undefined for what is absent or of the wrong
 * type, which is the structure check's to report, and report what only they can tell.
 */
export interface Reading {
  readonly document: SourceDocument
  readonly problems: ProblemCollector
  readonly languages: Languages
}

/** The text at a path; undefined where there is none. */
export function readText({ document }: Reading, path: Path): string | undefined {
  const value = document.at(path)
  return typeof value === 'string' ? value : undefined
}

/** The flag at a path, or what holds where it is absent. */
export function readFlag({ document }: Reading, path: Path, whenAbsent: boolean): boolean {
  const value = document.at(path)
  return typeof value === 'boolean' ? value : whenAbsent
}

/** The texts of a list, and none where there is no list. */
export function readTexts({ document }: Reading, path: Path): string[] {
  const value = document.at(path)
  return Array.isArray(value) ? value.filter((item) => typeof item === 'string') : []
}

/** The paths of the items of a list, and none where there is no list. */
export function readItems({ document }: Reading, path: Path): Path[] {
  const value = document.at(path)
  return Array.isArray(value) ? value.map((_, index) => [...path, index]) : []
}

/** The keys of a mapping, and none where there is no mapping. */
export function readKeys({ document }: Reading, path: Path): string[] {
  const value = document.at(path)
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? Object.keys(value) : []
}

/** Labels from several mappings; the last one wins. */
export function readLabels({ document }: Reading, ...paths: readonly Path[]): Labels {
  const labels = new Map<string, string>()
  for (const path of paths) {
    for (const [name, value] of Object.entries(document.at(path) ?? {})) {
      if (typeof value === 'string') labels.set(name, value)
    }
  }
  return labelsOf(labels)
}

/** A duration above zero. */
export function readSpan(reading: Reading, path: Path): DurationMs | undefined {
  const span = readDuration(reading, path)
  if (span !== 0) return span
  const message = `${readablePath(path)} must be longer than 0`
  reading.problems.report({ code: durationSchema['x-code'], path, message })
  return undefined
}

/** A duration, which may be zero. */
export function readDuration(reading: Reading, path: Path): DurationMs | undefined {
  const text = readText(reading, path)
  if (text === undefined) return undefined
  const duration = parseDuration(text)
  if (duration === undefined) {
    const message = `${readablePath(path)} ("${text}") is not a duration: ${durationSchema.errorMessage}`
    reading.problems.report({ code: durationSchema['x-code'], path, message })
  }
  return duration
}
