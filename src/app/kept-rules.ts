import { hash } from 'node:crypto'
import { keptRulesBytesMax, keptRulesFromLength } from '../core/model/limits.ts'
import type { Log } from '../ports/log.ts'
import type { Meter } from '../ports/meter.ts'
import { readingFrom, readingPieces } from '../rules/kept-reading.ts'
import type { KeepableFile } from '../rules/parse-rules-again.ts'
import type { RuleFile } from '../rules/read-documents.ts'
import type { EarlierReading } from '../rules/read-files.ts'
import { keptWorkFile } from '../storage/kept-work/kept-work-file.ts'
import { inMemory } from '../storage/sqlite/database.ts'
import { readerDigest } from './reader-digest.ts'

/** Rule files, and what may be kept of them. */
export interface KeepableRules {
  readonly files: readonly RuleFile[]
  readonly keepable: readonly KeepableFile[]
}

/** What rule files gave, kept for the next start or reload. */
export interface KeptRules {
  /** What some files gave before, to the same code. */
  earlier(files: readonly RuleFile[]): EarlierReading
  /** Keeps what was read in place of what was kept before, little by little, unless that is the same. */
  keep(rules: KeepableRules): void
  /** Resolves when nothing is being written any more. */
  written(): Promise<void>
  /** Leaves off writing; what was kept before stays. */
  stop(): Promise<void>
}

/** Whom it tells, how many characters of rules are worth it, and what stands for the code that reads them. */
export interface KeptRulesWorld {
  readonly log: Log
  readonly meter: Meter
  readonly fromLength?: number
  readonly digest?: () => string
}

const nothingEarlier: EarlierReading = () => undefined

/** Keeps what rule files gave in a file beside the store; nothing for a store in memory, nor for rules that are read quickly. */
export function keptRules(storePath: string, world: KeptRulesWorld): KeptRules {
  const { log, meter, fromLength = keptRulesFromLength, digest = readerDigest } = world
  const limit = { name: 'keptRulesBytesMax', bytesMax: keptRulesBytesMax }
  const file = keptWorkFile(`${storePath}.rules`, { log, meter, limit })
  const stopping = new AbortController()
  let writing = Promise.resolve()
  let keptFiles = 0
  let reader: string | undefined
  const keyOf = ({ name, text }: RuleFile): string => {
    reader ??= digest()
    return hash('sha256', JSON.stringify([reader, name, text]))
  }
  const isWorthIt = (files: readonly RuleFile[]): boolean =>
    storePath !== inMemory && files.reduce((length, { text }) => length + text.length, 0) >= fromLength

  /** What was kept of a file that was not parsed is kept as it is. */
  function* piecesOf(files: readonly KeepableFile[], before: ReturnType<typeof file.read> | undefined) {
    for (const one of files) {
      const key = keyOf(one.file)
      yield [key, (one.wasParsed ? undefined : before?.get(key)) ?? readingPieces(one.reading)] as const
    }
  }

  return {
    earlier(files) {
      if (!isWorthIt(files)) return nothingEarlier
      const kept = file.read()
      keptFiles = kept.size
      return (asked) => readingFrom(kept.get(keyOf(asked)) ?? [])
    },
    keep({ files, keepable }) {
      const isSame = keepable.length === keptFiles && !keepable.some(({ wasParsed }) => wasParsed)
      if (!isWorthIt(files) || isSame) return
      writing = writing.then(() => {
        const before = keepable.every(({ wasParsed }) => wasParsed) ? undefined : file.read()
        return file.write(piecesOf(keepable, before), stopping.signal)
      })
      keptFiles = keepable.length
    },
    written: () => writing,
    async stop() {
      stopping.abort()
      await writing
    },
  }
}
