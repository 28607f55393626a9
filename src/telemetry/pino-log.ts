import { type DestinationStream, pino } from 'pino'
import type { Log } from '../ports/log.ts'
import { readableLine } from './readable-line.ts'

export interface LogSettings {
  readonly level: 'debug' | 'info' | 'warn' | 'error'
  /** `json` for machines, one object a line; `text` for a terminal. */
  readonly format: 'json' | 'text'
}

/** Where log lines go: standard output, usually. */
export interface LogOutput {
  write(line: string): unknown
}

/** Names under which a secret could end up in a log line, although secrets print as `<secret>` by themselves. */
const secretNames = ['authorization', 'password', 'secret', 'token']

/** A log that writes every line at once, in the order of the calls, so that a crash loses none. */
export function pinoLog({ level, format }: LogSettings, output: LogOutput): Log {
  const destination: DestinationStream = {
    write: (line) => void output.write(format === 'json' ? line : readableLine(line)),
  }
  const logger = pino(
    {
      level,
      base: null,
      timestamp: pino.stdTimeFunctions.isoTime,
      formatters: { level: (label) => ({ level: label }) },
      serializers: { error: pino.stdSerializers.err },
      redact: { paths: [...secretNames, ...secretNames.map((name) => `*.${name}`)], censor: '<secret>' },
    },
    destination,
  )
  return {
    debug: (fields, message) => logger.debug(fields, message),
    info: (fields, message) => logger.info(fields, message),
    warn: (fields, message) => logger.warn(fields, message),
    error: (fields, message) => logger.error(fields, message),
  }
}
