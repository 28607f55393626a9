import type { ConfigReading } from '../core/model/config-reading.ts'
import { type Secret, type SecretSource, secret } from '../core/model/secret.ts'
import type { DurationMs } from '../core/model/units.ts'
import { formatDuration, parseDuration } from '../core/time/duration.ts'
import { readable } from './check-shape.ts'
import type { ProblemList } from './problem-list.ts'

/** Where secrets come from. `unread` stands for a check that has no access to them: their values are not judged then. */
export interface SecretStore {
  read(source: Exclude<SecretSource, string>): { readonly value: string } | { readonly reason: string } | 'unread'
}

/** What reading any part of the config works with. */
export interface Reading {
  readonly problems: ProblemList
  readonly secrets: SecretStore
  /** The path of a file that the config names, seen from the directory of the config. */
  readonly pathOf: (path: string) => string
}

/** The reading of one part that ingest protocols and receivers own: their pointers begin at the part. */
export function partReading(pointer: string, { problems, secrets }: Reading): ConfigReading {
  return {
    secret: (source, path) => resolve(source, pointer + path, problems, secrets),
    report: (path, message, hint) => problems.report({ code: 'CONFIG_VALUE', pointer: pointer + path, message, hint }),
  }
}

function resolve(source: SecretSource, pointer: string, problems: ProblemList, secrets: SecretStore): Secret {
  if (typeof source === 'string') return secret(source)
  const found = secrets.read(source)
  if (found === 'unread') problems.settle(pointer)
  else if ('value' in found) return secret(found.value)
  else problems.report({ code: 'CONFIG_SECRET', pointer, message: found.reason })
  return secret('')
}

/** Reads a duration within bounds; one that is none is reported, and the default returned. */
export function readDuration(
  text: string | undefined,
  pointer: string,
  { normal, min, max }: { readonly normal: DurationMs; readonly min: DurationMs; readonly max: DurationMs },
  { problems }: Reading,
): DurationMs {
  if (text === undefined) return normal
  const duration = parseDuration(text)
  if (duration !== undefined && duration >= min && duration <= max) return duration
  const message =
    duration === undefined
      ? `${readable(pointer)} is not a duration`
      : `${readable(pointer)} must be from ${formatDuration(min)} to ${formatDuration(max)}`
  problems.report({ code: 'CONFIG_DURATION', pointer, message, hint: `for example ${formatDuration(normal)}` })
  return normal
}
