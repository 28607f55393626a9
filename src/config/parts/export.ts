import {
  type RemoteWriteExportConfig,
  type RemoteWriteExportDocument,
  remoteWriteExportConfig,
  remoteWriteExportSchema,
} from '../../export/config.ts'
import { shapeCheck } from '../check-shape.ts'
import { partReading, type Reading } from '../part-reading.ts'
import { readNamedList } from './named-list.ts'

/** Draft-07 schema of one entry of `export:`. */
const exportSchema = {
  type: 'object',
  properties: {
    name: { type: 'string', minLength: 1, maxLength: 100, description: 'What metrics and log lines call it.' },
    remoteWrite: remoteWriteExportSchema,
  },
  required: ['name', 'remoteWrite'],
  additionalProperties: false,
} as const

/** One store that our own series are sent to. */
export interface ExportConfig {
  readonly name: string
  readonly settings: RemoteWriteExportConfig
}

const hasExportShape = shapeCheck<{ readonly name: string; readonly remoteWrite: RemoteWriteExportDocument }>(
  exportSchema,
)

/** Every entry of `export:` that is sound. */
export function readExports(value: unknown, reading: Reading): readonly ExportConfig[] {
  return readNamedList(value, '/export', reading, (entry, pointer) => {
    if (!hasExportShape(entry, pointer, reading.problems)) return undefined
    const part = partReading(`${pointer}/remoteWrite`, reading)
    return { name: entry.name, settings: remoteWriteExportConfig(entry.remoteWrite, part) }
  })
}
