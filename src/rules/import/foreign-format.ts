import type { SourceDocument } from '../../documents/source-document.ts'

/** A tool whose files are read as they are. */
export type ForeignFormat = 'Sloth' | 'Pyrra' | 'OpenSLO'

/** The versions that are read, as files name them. */
export const foreignVersions: ReadonlyMap<string, ForeignFormat> = new Map([
  ['prometheus/v1', 'Sloth'],
  ['sloth.slok.dev/v1', 'Sloth'],
  ['pyrra.dev/v1alpha1', 'Pyrra'],
  ['openslo/v1', 'OpenSLO'],
  ['openslo/v1alpha', 'OpenSLO'],
])

/** The tool that a mapping is written for; undefined for any other value. */
export function foreignFormat(value: unknown): ForeignFormat | undefined {
  const version = fieldOf(value, 'apiVersion') ?? fieldOf(value, 'version')
  return typeof version === 'string' ? foreignVersions.get(version) : undefined
}

/** The items of a list of documents: a YAML list, or a Kubernetes List as kubectl prints it. */
export function listedDocuments(value: unknown): readonly unknown[] {
  if (Array.isArray(value)) return value
  const kind = fieldOf(value, 'kind')
  const items = fieldOf(value, 'items')
  return typeof kind === 'string' && kind.endsWith('List') && Array.isArray(items) ? items : []
}

/** Whether a document, or some item of a list, is written for one of the other tools. */
export function holdsForeign({ value }: SourceDocument): boolean {
  const listed = listedDocuments(value)
  return listed.length > 0
    ? listed.some((item) => foreignFormat(item) !== undefined)
    : foreignFormat(value) !== undefined
}

function fieldOf(value: unknown, key: string): unknown {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return undefined
  return Object.getOwnPropertyDescriptor(value, key)?.value
}
