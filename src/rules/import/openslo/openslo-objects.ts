import { knownWordsHint } from '../../../core/model/did-you-mean.ts'
import { isError } from '../../../core/model/problem.ts'
import { checkConstructs } from '../check-constructs.ts'
import type { ForeignValue } from '../foreign-value.ts'
import { type ImportNotes, importNotes } from '../import-notes.ts'
import { opensloAlphaConstructs, opensloConstructs } from './openslo-constructs.ts'

/** The documents of OpenSLO that go together, and those of them that an SLO made use of. */
export interface OpensloObjects {
  /** The SLOs that can be read, in their order. */
  readonly slos: readonly ForeignValue[]
  /** The object of a kind by its name; that there is none is an error at the reference. */
  find(kind: string, reference: ForeignValue): ForeignValue | undefined
  /** The object of a kind by its name, where there is one. */
  findIfThere(kind: string, name: string | undefined): ForeignValue | undefined
  /** Names what no SLO made use of, and of the others what becomes of their parts. */
  takeNotes(): void
}

/** Checks all documents of OpenSLO and keeps them by kind and name. */
export function opensloObjects(roots: readonly ForeignValue[], notes: ImportNotes): OpensloObjects {
  const byName = new Map<string, ForeignValue>()
  const notesOf = new Map<ForeignValue, ImportNotes>()
  const broken = new Set<string>()
  const used = new Set<ForeignValue>()
  const slos: ForeignValue[] = []
  for (const root of roots) {
    const kind = root.at('kind').text ?? ''
    const constructs = constructsOf(root, kind, notes)
    if (constructs === undefined) continue
    const key = `${kind}/${root.at('metadata', 'name').text}`
    const own = importNotes()
    notesOf.set(root, own)
    if (!checkConstructs(root, constructs, 'OpenSLO', own)) broken.add(key)
    else if (kind === 'SLO') slos.push(root)
    else if (byName.has(key)) noteRepeated(kind, root, byName.get(key), notes)
    else byName.set(key, root)
  }
  const findIfThere = (kind: string, name: string | undefined): ForeignValue | undefined => {
    const found = byName.get(`${kind}/${name}`)
    if (found !== undefined) used.add(found)
    return found
  }
  return {
    slos,
    findIfThere,
    find: (kind, reference) => {
      const found = findIfThere(kind, reference.text)
      if (found !== undefined || broken.has(`${kind}/${reference.text}`)) return found
      const names = [...byName.keys()]
        .filter((key) => key.startsWith(`${kind}/`))
        .map((key) => key.slice(kind.length + 1))
      const hint =
        names.length === 0
          ? `check the file that declares it together with this one`
          : knownWordsHint(reference.text ?? '', names)
      notes.refuse('IMPORT_REFERENCE', reference, `there is no ${kind} "${reference.text}"`, hint)
      return undefined
    },
    takeNotes: () => {
      const unused = new Set([...byName.values()].filter((root) => !used.has(root)))
      for (const root of unused) noteUnused(root, notes)
      // Of what is not used it does not matter what would become of each part.
      for (const [root, { problems }] of notesOf) {
        notes.take(unused.has(root) ? problems.filter(isError) : problems)
      }
    },
  }
}

function constructsOf(root: ForeignValue, kind: string, notes: ImportNotes) {
  const isAlpha = root.at('apiVersion').text === 'openslo/v1alpha'
  const kinds = isAlpha ? opensloAlphaConstructs : opensloConstructs
  if (Object.hasOwn(kinds, kind)) return kinds[kind]
  const message = `there is no kind "${kind}" in ${root.at('apiVersion').text}`
  notes.refuse('RULE_KIND', root.at('kind'), message, knownWordsHint(kind, Object.keys(kinds)))
  return undefined
}

/** Of a Service nothing is used but its name; of anything else it must be known which of the two is meant. */
function noteRepeated(kind: string, root: ForeignValue, first: ForeignValue | undefined, notes: ImportNotes): void {
  const place = first?.place()
  const where = place === undefined ? '' : ` at ${place.file}:${place.line}:${place.column}`
  const name = root.at('metadata', 'name')
  const message = `the ${kind} "${name.text}" is declared already${where}`
  if (kind === 'Service') notes.warn('IMPORT_UNUSED', name, message)
  else notes.refuse('RULE_DUPLICATE_NAME', name, message, 'rename one of them')
}

function noteUnused(root: ForeignValue, notes: ImportNotes): void {
  const name = root.at('metadata', 'name')
  const message = `no SLO makes use of the ${root.at('kind').text} "${name.text}", so nothing comes of it`
  notes.warn('IMPORT_UNUSED', name, message)
}
